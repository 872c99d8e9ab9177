SELECT COUNT(*)
FROM chat_message
WHERE conversation_id = ?1 AND id > ?2 AND id <= ?3 AND sender_id <> ?4 AND deleted_at IS NULL
