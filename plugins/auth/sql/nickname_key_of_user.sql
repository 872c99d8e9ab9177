SELECT nickname_key FROM auth_user WHERE id = ?1
