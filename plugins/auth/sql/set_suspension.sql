UPDATE auth_user SET suspended_until = ?2, suspension_reason = ?3 WHERE id = ?1
