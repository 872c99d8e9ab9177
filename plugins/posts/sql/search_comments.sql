SELECT rowid FROM posts_found_comment WHERE posts_found_comment MATCH ?1 AND rowid < ?2 AND rowid >= ?3 ORDER BY rowid DESC LIMIT ?4
