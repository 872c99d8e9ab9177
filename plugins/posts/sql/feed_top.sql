SELECT p.* FROM posts_listing l JOIN posts_summary p ON p.id = l.post_id
WHERE l.shelf = ?1 AND (l.score, l.post_id) < (?2, ?3)
  AND (?4 = 0 OR EXISTS (SELECT 1 FROM posts_listing o WHERE o.post_id = l.post_id AND o.shelf = ?4))
ORDER BY l.score DESC, l.post_id DESC LIMIT ?5
