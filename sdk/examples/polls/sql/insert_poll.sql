INSERT INTO polls_poll (author_id, question, created_at, closes_at) VALUES (?1, ?2, ?3, ?4);
