SELECT id, created_at FROM posts_comment WHERE id >= ?1 ORDER BY id LIMIT 1
