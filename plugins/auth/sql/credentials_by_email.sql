SELECT id, password_hash FROM auth_user WHERE email_key = ?1
