SELECT conversation_id, unread
FROM chat_member
WHERE user_id = ?1 AND unread > 0
ORDER BY conversation_id
