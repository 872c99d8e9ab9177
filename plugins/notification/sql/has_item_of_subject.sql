SELECT id
FROM notification_item
WHERE subject_kind = ?1 AND subject_id = ?2 AND user_id = ?3
LIMIT 1
