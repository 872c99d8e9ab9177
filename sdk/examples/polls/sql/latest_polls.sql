SELECT id, author_id, question, created_at, closes_at, closed FROM polls_poll ORDER BY id DESC LIMIT ?1;
