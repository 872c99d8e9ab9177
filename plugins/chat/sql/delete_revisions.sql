DELETE FROM chat_revision WHERE message_id = ?1
