SELECT i.id, i.user_id, i.type, i.subject_kind, i.subject_id, i.post_id, i.title, i.url, i.count, i.state, i.created_at,
  i.updated_at, i.started_at, i.alerts, i.last_part_id
FROM notification_item i
JOIN notification_actor a ON a.notification_id = i.id AND a.user_id = ?5
WHERE i.subject_kind = ?3 AND i.subject_id = ?4 AND i.user_id = ?1 AND i.type = ?2
