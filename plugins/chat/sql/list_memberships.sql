SELECT conversation_id, activity_at, last_message_id, unread
FROM chat_member
WHERE user_id = ?1 AND (activity_at, conversation_id) < (?2, ?3)
ORDER BY activity_at DESC, conversation_id DESC
LIMIT ?4
