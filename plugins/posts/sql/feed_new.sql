SELECT p.* FROM posts_listing l JOIN posts_summary p ON p.id = l.post_id
WHERE l.shelf = ?1 AND l.post_id < ?2
  AND (?3 = 0 OR EXISTS (SELECT 1 FROM posts_listing o WHERE o.post_id = l.post_id AND o.shelf = ?3))
ORDER BY l.post_id DESC LIMIT ?4
