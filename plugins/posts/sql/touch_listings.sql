UPDATE posts_listing SET last_activity_at = ?2 WHERE post_id = ?1
