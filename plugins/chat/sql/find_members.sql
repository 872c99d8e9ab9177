SELECT user_id, last_message_id, read_message_id, unread
FROM chat_member
WHERE conversation_id = ?1
ORDER BY joined_at, user_id
