SELECT id, sid, user_id, last_used_at, expires_at FROM auth_session WHERE expires_at > ?1
