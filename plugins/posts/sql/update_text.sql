UPDATE posts_text SET renderer = ?2, body = ?3, html = ?4 WHERE post_id = ?1
