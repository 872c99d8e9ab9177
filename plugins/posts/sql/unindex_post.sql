DELETE FROM posts_found_post WHERE rowid = ?1
