SELECT count(*) FROM (SELECT 1 FROM posts_post WHERE author_id = ?1 LIMIT ?2) AS own
