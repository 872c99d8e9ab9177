UPDATE chat_member
SET read_message_id = ?3, unread = ?4
WHERE conversation_id = ?1 AND user_id = ?2
