UPDATE chat_member
SET unread = unread - 1
WHERE conversation_id = ?1 AND user_id <> ?3 AND read_message_id < ?2 AND unread > 0
RETURNING user_id, unread
