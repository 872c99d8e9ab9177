UPDATE notification_item SET state = 1 WHERE id = ?1 AND user_id = ?2 AND state = 0
