DELETE FROM posts_stale WHERE kind = ?1 AND id = ?2
