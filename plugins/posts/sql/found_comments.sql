SELECT c.id, p.id, p.title, p.slug, c.author_id, c.created_at,
       snippet(posts_found_comment, 0, '⟦', '⟧', '…', 24)
FROM posts_found_comment f CROSS JOIN posts_comment c ON c.id = f.rowid CROSS JOIN posts_summary p ON p.id = c.post_id
WHERE posts_found_comment MATCH ?1 AND f.rowid >= ?2 AND f.rowid <= ?3 AND c.deleted_at IS NULL
ORDER BY f.rowid DESC
