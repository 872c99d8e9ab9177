SELECT id, sid, user_id, refresh_hash, created_at, last_used_at, expires_at, user_agent, address FROM auth_session WHERE user_id = ?1 ORDER BY id DESC
