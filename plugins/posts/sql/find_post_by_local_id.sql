SELECT id FROM posts_post WHERE author_id = ?1 AND local_id = ?2
