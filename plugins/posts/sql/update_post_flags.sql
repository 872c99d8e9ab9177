UPDATE posts_post SET pinned = ?2, locked = ?3, revision = ?4 WHERE id = ?1
