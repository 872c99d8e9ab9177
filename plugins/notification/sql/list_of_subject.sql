SELECT id, user_id, state
FROM notification_item
WHERE subject_kind = ?1 AND subject_id = ?2
ORDER BY user_id, id
