INSERT INTO notification_item (user_id, type, subject_kind, subject_id, post_id, title, url, count, state, created_at,
  updated_at, started_at, alerts, last_part_id)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
RETURNING id
