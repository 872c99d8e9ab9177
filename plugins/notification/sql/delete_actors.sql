DELETE FROM notification_actor WHERE notification_id = ?1
