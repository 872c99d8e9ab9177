UPDATE posts_comment SET body = '', html = '' WHERE id = ?1
