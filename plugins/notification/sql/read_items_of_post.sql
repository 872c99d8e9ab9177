UPDATE notification_item
SET state = 1
WHERE post_id = ?1 AND user_id = ?2 AND state = 0 AND (subject_kind = 'post' OR subject_id <= ?3)
RETURNING id
