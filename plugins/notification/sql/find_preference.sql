SELECT type, in_app, email FROM notification_preference WHERE user_id = ?1 AND type = ?2
