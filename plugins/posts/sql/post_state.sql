SELECT author_id, category_ids, deleted_at IS NOT NULL FROM posts_post WHERE id = ?1
