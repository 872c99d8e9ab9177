SELECT id FROM auth_user WHERE role = ?1 ORDER BY id LIMIT 1
