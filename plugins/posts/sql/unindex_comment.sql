DELETE FROM posts_found_comment WHERE rowid = ?1
