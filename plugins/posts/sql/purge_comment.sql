DELETE FROM posts_comment WHERE id = ?1
