SELECT id, slug, name, description, color, position, post_count FROM posts_category ORDER BY position, id
