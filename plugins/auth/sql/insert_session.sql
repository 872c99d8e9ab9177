INSERT INTO auth_session (sid, user_id, refresh_hash, created_at, last_used_at, expires_at, user_agent, address)
VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?6, ?7)
