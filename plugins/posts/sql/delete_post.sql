UPDATE posts_post SET deleted_at = ?2, deleted_by = ?3 WHERE id = ?1
