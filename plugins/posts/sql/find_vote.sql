SELECT value FROM posts_vote WHERE user_id = ?1 AND post_id = ?2 AND comment_id = ?3
