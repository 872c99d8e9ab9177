UPDATE auth_session SET refresh_hash = ?2, last_used_at = ?3, expires_at = ?4, user_agent = ?5, address = ?6 WHERE id = ?1
