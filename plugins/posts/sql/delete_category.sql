DELETE FROM posts_category WHERE id = ?1
