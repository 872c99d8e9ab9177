INSERT INTO posts_text (post_id, renderer, body, html) VALUES (?1, ?2, ?3, ?4)
