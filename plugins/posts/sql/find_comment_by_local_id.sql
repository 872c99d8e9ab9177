SELECT id FROM posts_comment WHERE author_id = ?1 AND local_id = ?2
