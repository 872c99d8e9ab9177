UPDATE posts_comment SET deleted_at = ?2, deleted_by = ?3, listed = CASE WHEN reply_count > 0 THEN 1 ELSE 0 END WHERE id = ?1
