INSERT INTO posts_found_comment (rowid, body, facts) VALUES (?1, ?2, ?3)
