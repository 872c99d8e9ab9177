UPDATE posts_post
SET slug = ?2, title = ?3, excerpt = ?4, category_ids = ?5, tags = ?6, edited_at = ?7, changed_at = ?8, changed_by = ?9,
    revision = revision + 1
WHERE id = ?1
