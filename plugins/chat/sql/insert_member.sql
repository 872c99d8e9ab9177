INSERT INTO chat_member (conversation_id, user_id, peer_id, joined_at, activity_at, last_message_id, read_message_id)
VALUES (?1, ?2, ?3, ?4, ?4, ?5, COALESCE(?5, 0))
