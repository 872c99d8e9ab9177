SELECT peer_id, conversation_id, unread, last_message_id
FROM chat_member
WHERE user_id = ?1 AND peer_id = ?2
