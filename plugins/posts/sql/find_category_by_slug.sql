SELECT id, slug, name, description, color, position, post_count FROM posts_category WHERE slug = ?1
