DELETE FROM posts_listing WHERE post_id = ?1
