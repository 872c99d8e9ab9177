SELECT comment_id FROM posts_read WHERE user_id = ?1 AND post_id = ?2
