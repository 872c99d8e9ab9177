DELETE FROM auth_spent_token WHERE session_id = ?1 AND spent_at < ?2
