INSERT INTO auth_spent_token (token_hash, session_id, spent_at) VALUES (?1, ?2, ?3)
