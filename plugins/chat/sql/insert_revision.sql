INSERT INTO chat_revision (message_id, body, html, written_at)
VALUES (?1, ?2, ?3, ?4)
