SELECT count(*) FROM (SELECT 1 FROM posts_comment WHERE author_id = ?1 LIMIT ?2) AS own
