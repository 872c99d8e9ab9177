UPDATE notification_item SET state = 1 WHERE user_id = ?1 AND state = 0 AND id <= ?2
