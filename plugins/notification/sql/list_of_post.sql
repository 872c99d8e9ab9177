SELECT id, user_id, state
FROM notification_item
WHERE post_id = ?1
ORDER BY user_id, id
