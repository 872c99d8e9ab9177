SELECT p.id, p.title, t.body, p.author_id, p.category_ids, p.deleted_at IS NOT NULL
FROM posts_post p JOIN posts_text t ON t.post_id = p.id WHERE p.id = ?1
