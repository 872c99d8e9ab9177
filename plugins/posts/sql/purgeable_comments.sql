SELECT id, post_id, listed FROM posts_comment
WHERE deleted_at IS NOT NULL AND deleted_at <= ?1 AND (listed = 0 OR body <> '') ORDER BY deleted_at LIMIT ?2
