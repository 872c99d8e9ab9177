DELETE FROM posts_text WHERE post_id = ?1
