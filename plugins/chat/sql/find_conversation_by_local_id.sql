SELECT id
FROM chat_conversation
WHERE creator_id = ?1 AND local_id = ?2
