INSERT INTO notification_preference (user_id, type, in_app, email)
VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (user_id, type) DO UPDATE SET in_app = excluded.in_app, email = excluded.email
