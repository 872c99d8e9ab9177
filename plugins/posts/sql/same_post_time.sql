SELECT max(created_at) FROM (SELECT created_at, text_hash FROM posts_post WHERE author_id = ?1 ORDER BY id DESC LIMIT 100) AS recent
WHERE text_hash = ?2
