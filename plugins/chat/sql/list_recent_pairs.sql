SELECT peer_id, conversation_id, unread, last_message_id
FROM chat_member
WHERE user_id = ?1 AND peer_id IS NOT NULL AND last_message_id < ?2
ORDER BY last_message_id DESC
LIMIT ?3
