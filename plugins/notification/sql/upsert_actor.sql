INSERT INTO notification_actor (notification_id, user_id, parts, last_seq)
VALUES (?1, ?2, 1, ?3)
ON CONFLICT (notification_id, user_id) DO UPDATE SET parts = notification_actor.parts + 1, last_seq = excluded.last_seq
