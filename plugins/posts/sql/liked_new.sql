SELECT p.* FROM posts_vote v JOIN posts_listing l ON l.post_id = v.post_id AND l.shelf = ?2
JOIN posts_summary p ON p.id = v.post_id
WHERE v.user_id = ?1 AND v.comment_id = 0 AND v.value = 1 AND v.post_id < ?3
  AND (?4 = 0 OR EXISTS (SELECT 1 FROM posts_listing o WHERE o.post_id = v.post_id AND o.shelf = ?4))
ORDER BY v.post_id DESC LIMIT ?5
