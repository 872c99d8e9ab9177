SELECT c.id, c.body, c.author_id, p.category_ids, c.deleted_at IS NOT NULL
FROM posts_comment c JOIN posts_post p ON p.id = c.post_id WHERE c.id = ?1
