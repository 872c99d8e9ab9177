SELECT p.id, p.id, p.title, p.slug, p.author_id, p.created_at,
       snippet(posts_found_post, 1, '⟦', '⟧', '…', 24)
FROM posts_found_post f CROSS JOIN posts_summary p ON p.id = f.rowid
WHERE posts_found_post MATCH ?1 AND f.rowid >= ?2 AND f.rowid <= ?3
ORDER BY f.rowid DESC
