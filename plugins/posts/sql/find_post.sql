SELECT * FROM posts_summary WHERE id = ?1
