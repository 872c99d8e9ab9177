UPDATE posts_category SET post_count = post_count + ?2 WHERE id = ?1
