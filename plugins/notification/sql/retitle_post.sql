UPDATE notification_item SET title = ?2 WHERE post_id = ?1 AND (title < ?2 OR title > ?2)
