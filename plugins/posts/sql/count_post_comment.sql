UPDATE posts_post SET comment_count = comment_count + ?2, last_activity_at = coalesce(?3, last_activity_at) WHERE id = ?1
