UPDATE chat_member
SET activity_at = ?2, last_message_id = ?3, unread = unread + CASE WHEN user_id = ?4 THEN 0 ELSE 1 END
WHERE conversation_id = ?1
