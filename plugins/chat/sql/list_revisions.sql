SELECT body, html, written_at
FROM chat_revision
WHERE message_id = ?1
ORDER BY id DESC
LIMIT ?2
