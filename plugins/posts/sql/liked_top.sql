SELECT p.* FROM posts_vote v CROSS JOIN posts_listing l
JOIN posts_summary p ON p.id = v.post_id
WHERE l.post_id = v.post_id AND l.shelf = ?2 AND v.user_id = ?1 AND v.comment_id = 0 AND v.value = 1 AND (l.score, l.post_id) < (?3, ?4)
  AND (?5 = 0 OR EXISTS (SELECT 1 FROM posts_listing o WHERE o.post_id = v.post_id AND o.shelf = ?5))
ORDER BY l.score DESC, l.post_id DESC LIMIT ?6
