SELECT coalesce(max(id), 0) FROM posts_comment
