SELECT id, sid, user_id FROM auth_session WHERE expires_at <= ?1 ORDER BY expires_at LIMIT 200
