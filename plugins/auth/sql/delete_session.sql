DELETE FROM auth_session WHERE id = ?1
