SELECT id, user_id, type, subject_kind, subject_id, post_id, title, url, count, state, created_at, updated_at, started_at,
  alerts, last_part_id
FROM notification_item
WHERE subject_kind = ?3 AND subject_id = ?4 AND user_id = ?1 AND type = ?2
ORDER BY id DESC
LIMIT 1
