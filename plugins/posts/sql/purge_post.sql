DELETE FROM posts_post WHERE id = ?1
