SELECT spent_at FROM auth_spent_token WHERE token_hash = ?1 AND session_id = ?2
