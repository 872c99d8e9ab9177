INSERT INTO notification_user (user_id, unread, kept)
VALUES (?1, ?2, ?3)
ON CONFLICT (user_id) DO UPDATE SET unread = notification_user.unread + ?2, kept = notification_user.kept + ?3
RETURNING unread, kept
