DELETE FROM notification_actor
WHERE notification_id = ?1 AND user_id = ?2 AND parts <= 0
  AND EXISTS (SELECT 1 FROM notification_actor other WHERE other.notification_id = ?1 AND other.user_id <> ?2)
