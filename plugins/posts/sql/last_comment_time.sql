SELECT created_at FROM posts_comment WHERE author_id = ?1 ORDER BY id DESC LIMIT 1
