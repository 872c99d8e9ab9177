DELETE FROM notification_subscription WHERE post_id = ?1 AND user_id = ?2
