SELECT user_id
FROM notification_actor
WHERE notification_id = ?1
ORDER BY last_seq DESC
LIMIT ?2
