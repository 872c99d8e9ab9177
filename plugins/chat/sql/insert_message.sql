INSERT INTO chat_message (conversation_id, sender_id, body, html, renderer, local_id, created_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
RETURNING id
