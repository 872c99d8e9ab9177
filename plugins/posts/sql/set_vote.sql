INSERT INTO posts_vote (user_id, post_id, comment_id, value) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (user_id, post_id, comment_id) DO UPDATE SET value = excluded.value
