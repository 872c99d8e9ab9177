INSERT INTO posts_category (slug, name, description, color, position)
VALUES (?1, ?2, ?3, ?4, coalesce(?5, (SELECT coalesce(max(position), 0) + 1 FROM posts_category)))
RETURNING id
