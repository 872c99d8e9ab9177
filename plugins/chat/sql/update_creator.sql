UPDATE chat_conversation SET creator_id = ?2 WHERE id = ?1
