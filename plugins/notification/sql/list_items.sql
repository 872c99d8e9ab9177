SELECT id, user_id, type, subject_kind, subject_id, post_id, title, url, count, state, created_at, updated_at, started_at,
  alerts, last_part_id
FROM notification_item
WHERE user_id = ?1 AND state < 2 AND (updated_at, id) < (?2, ?3)
ORDER BY updated_at DESC, id DESC
LIMIT ?4
