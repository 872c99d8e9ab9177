INSERT INTO posts_revision (post_id, comment_id, revision, title, body, editor_id, created_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
