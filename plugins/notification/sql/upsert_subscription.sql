INSERT INTO notification_subscription (post_id, user_id, level)
VALUES (?1, ?2, ?3)
ON CONFLICT (post_id, user_id) DO UPDATE SET level = excluded.level
