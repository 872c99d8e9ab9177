SELECT unread FROM notification_user WHERE user_id = ?1
