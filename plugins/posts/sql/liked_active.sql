SELECT p.* FROM posts_vote v CROSS JOIN posts_listing l
JOIN posts_summary p ON p.id = v.post_id
WHERE l.post_id = v.post_id AND l.shelf = ?2 AND v.user_id = ?1 AND v.comment_id = 0 AND v.value = 1 AND (l.pinned, l.last_activity_at, l.post_id) < (?3, ?4, ?5)
  AND (?6 = 0 OR EXISTS (SELECT 1 FROM posts_listing o WHERE o.post_id = v.post_id AND o.shelf = ?6))
ORDER BY l.pinned DESC, l.last_activity_at DESC, l.post_id DESC LIMIT ?7
