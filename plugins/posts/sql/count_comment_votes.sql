UPDATE posts_comment SET likes = likes + ?2, dislikes = dislikes + ?3, score = score + ?2 - ?3 WHERE id = ?1
RETURNING likes, dislikes
