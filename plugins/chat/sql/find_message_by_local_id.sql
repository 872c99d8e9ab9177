SELECT id, conversation_id, sender_id, body, html, created_at, edited_at, deleted_at, local_id
FROM chat_message
WHERE conversation_id = ?1 AND sender_id = ?2 AND local_id = ?3
