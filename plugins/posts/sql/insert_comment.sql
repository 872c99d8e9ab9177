INSERT INTO posts_comment (post_id, parent_id, depth, author_id, created_at, changed_at, changed_by, local_id, text_hash,
                           renderer, body, html)
VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?4, ?6, ?7, ?8, ?9, ?10)
RETURNING id
