DELETE FROM chat_member WHERE conversation_id = ?1 AND user_id = ?2
