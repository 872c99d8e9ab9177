UPDATE notification_actor SET parts = parts - 1 WHERE notification_id = ?1 AND user_id = ?2
