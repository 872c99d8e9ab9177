SELECT id, password_hash FROM auth_user WHERE nickname_key = ?1
