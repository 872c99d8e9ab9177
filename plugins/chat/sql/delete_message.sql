UPDATE chat_message SET body = '', html = '', deleted_at = ?2 WHERE id = ?1
