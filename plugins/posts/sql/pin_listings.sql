UPDATE posts_listing SET pinned = ?2 WHERE post_id = ?1
