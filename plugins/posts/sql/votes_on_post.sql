SELECT comment_id, value FROM posts_vote WHERE user_id = ?1 AND post_id = ?2 ORDER BY comment_id LIMIT ?3
