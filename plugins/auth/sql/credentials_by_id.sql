SELECT id, password_hash FROM auth_user WHERE id = ?1
