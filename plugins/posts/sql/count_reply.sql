UPDATE posts_comment SET reply_count = reply_count + ?2 WHERE id = ?1
