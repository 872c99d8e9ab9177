SELECT id, user_id, type, subject_kind, subject_id, post_id, title, url, count, state, created_at, updated_at, started_at,
  alerts, last_part_id
FROM notification_item
WHERE id = ?1 AND user_id = ?2 AND state < 2
