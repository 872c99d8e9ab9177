DELETE FROM notification_actor WHERE notification_id = ?1 AND user_id = ?2
