SELECT id FROM posts_post WHERE deleted_at IS NOT NULL AND deleted_at <= ?1 ORDER BY deleted_at LIMIT ?2
