UPDATE auth_user SET role = ?2 WHERE id = ?1
