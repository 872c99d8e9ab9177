INSERT INTO posts_stale (kind, id) SELECT 2, id FROM posts_comment WHERE post_id = ?1 AND listed = 1
ON CONFLICT (kind, id) DO NOTHING
