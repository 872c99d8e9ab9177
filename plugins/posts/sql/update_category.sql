UPDATE posts_category
SET slug = coalesce(?2, slug), name = coalesce(?3, name), description = coalesce(?4, description),
    color = coalesce(?5, color), position = coalesce(?6, position)
WHERE id = ?1
