UPDATE notification_item
SET title = ?2, count = ?3, state = ?4, updated_at = ?5, alerts = ?6, last_part_id = ?7
WHERE id = ?1
