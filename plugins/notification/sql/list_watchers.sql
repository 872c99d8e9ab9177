SELECT user_id FROM notification_subscription WHERE post_id = ?1 AND level = 'watching' ORDER BY user_id
