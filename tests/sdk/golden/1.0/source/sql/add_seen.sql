INSERT INTO conform_seen (user_id, at) VALUES (?1, ?2);
