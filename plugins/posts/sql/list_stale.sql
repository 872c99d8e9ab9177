SELECT kind, id FROM posts_stale ORDER BY kind, id LIMIT ?1
