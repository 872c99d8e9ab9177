SELECT id, created_at FROM posts_post WHERE id >= ?1 ORDER BY id LIMIT 1
