UPDATE posts_comment
SET body = ?2, html = ?3, renderer = ?4, edited_at = ?5, changed_at = ?6, changed_by = ?7, revision = revision + 1
WHERE id = ?1
