UPDATE posts_listing SET score = score + ?2 WHERE post_id = ?1
