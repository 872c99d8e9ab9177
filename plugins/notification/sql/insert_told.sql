INSERT INTO notification_told (subject_kind, subject_id, user_id)
VALUES (?1, ?2, ?3)
ON CONFLICT (subject_kind, subject_id, user_id) DO NOTHING
