SELECT p.id, p.id, p.title, p.slug, p.author_id, p.created_at,
       snippet(posts_found_post, 1, '⟦', '⟧', '…', 24)
FROM posts_found_post f JOIN posts_summary p ON p.id = f.rowid
WHERE posts_found_post MATCH ?1 AND f.rowid = ?2
