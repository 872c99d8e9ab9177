INSERT INTO posts_listing (post_id, shelf, pinned, last_activity_at, score) VALUES (?1, ?2, ?3, ?4, ?5)
