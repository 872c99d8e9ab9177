UPDATE chat_message SET body = ?2, html = ?3, renderer = ?4, edited_at = ?5 WHERE id = ?1
