INSERT INTO posts_found_post (rowid, title, body, facts) VALUES (?1, ?2, ?3, ?4)
