UPDATE posts_comment SET listed = 0 WHERE id = ?1
