UPDATE posts_post SET deleted_at = NULL, deleted_by = NULL, category_ids = ?2 WHERE id = ?1
