SELECT changed_at, changed_by FROM posts_post WHERE id = ?1
