SELECT id, post_id, parent_id, depth, author_id, likes, dislikes, score, reply_count, created_at, edited_at, revision,
       changed_at, changed_by, deleted_at, renderer, body, html
FROM posts_comment WHERE post_id = ?1 AND listed = 1 AND id > ?2 ORDER BY id LIMIT ?3
