INSERT INTO posts_read (user_id, post_id, comment_id) VALUES (?1, ?2, ?3)
ON CONFLICT (user_id, post_id) DO UPDATE SET comment_id = excluded.comment_id
WHERE posts_read.comment_id < excluded.comment_id
