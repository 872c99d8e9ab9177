SELECT id, is_pair, title, creator_id, created_at
FROM chat_conversation
WHERE id = ?1
