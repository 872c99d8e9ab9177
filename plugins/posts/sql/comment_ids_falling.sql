SELECT id FROM posts_comment WHERE post_id = ?1 AND listed = 1 AND id < ?2 ORDER BY id DESC LIMIT ?3
