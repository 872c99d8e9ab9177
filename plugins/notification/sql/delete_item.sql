DELETE FROM notification_item WHERE id = ?1
