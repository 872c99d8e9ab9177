SELECT id
FROM auth_user
WHERE role = ?1 AND id <> ?2 AND (suspended_until IS NULL OR suspended_until <= ?3)
ORDER BY id
LIMIT 1
