SELECT revision, title, body, editor_id, created_at FROM posts_revision
WHERE post_id = ?1 AND comment_id = 0 AND revision < ?2 ORDER BY revision DESC LIMIT ?3
