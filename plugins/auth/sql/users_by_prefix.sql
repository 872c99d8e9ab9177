SELECT id, nickname, email, role, first_name, last_name, age, gender, bio, avatar_url, created_at, suspended_until, suspension_reason
FROM auth_user
WHERE nickname_key > ?1 AND nickname_key >= ?2 AND nickname_key < ?3
ORDER BY nickname_key
LIMIT ?4
