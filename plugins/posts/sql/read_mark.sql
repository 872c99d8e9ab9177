SELECT value FROM posts_mark WHERE name = ?1
