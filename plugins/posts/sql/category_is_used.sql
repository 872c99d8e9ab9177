SELECT 1 FROM posts_listing WHERE shelf = ?1 LIMIT 1
