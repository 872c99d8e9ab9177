INSERT INTO chat_conversation (is_pair, title, creator_id, local_id, created_at)
VALUES (?1, ?2, ?3, ?4, ?5)
RETURNING id
