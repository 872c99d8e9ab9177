INSERT INTO polls_option (poll_id, position, text) VALUES (?1, ?2, ?3);
