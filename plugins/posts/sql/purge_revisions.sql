DELETE FROM posts_revision WHERE post_id = ?1 AND comment_id = ?2
