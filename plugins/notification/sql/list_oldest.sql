SELECT id, user_id, state
FROM notification_item
WHERE user_id = ?1
ORDER BY updated_at, id
LIMIT ?2
