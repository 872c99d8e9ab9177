SELECT p.* FROM posts_listing l JOIN posts_summary p ON p.id = l.post_id
WHERE l.shelf = ?1 AND (l.pinned, l.last_activity_at, l.post_id) < (?2, ?3, ?4)
  AND (?5 = 0 OR EXISTS (SELECT 1 FROM posts_listing o WHERE o.post_id = l.post_id AND o.shelf = ?5))
ORDER BY l.pinned DESC, l.last_activity_at DESC, l.post_id DESC LIMIT ?6
