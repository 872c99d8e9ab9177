INSERT INTO posts_post (author_id, slug, title, excerpt, category_ids, tags, created_at, last_activity_at, changed_at,
                        changed_by, local_id, text_hash)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?7, ?1, ?8, ?9)
RETURNING id
