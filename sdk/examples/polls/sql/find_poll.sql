SELECT id, author_id, question, created_at, closes_at, closed FROM polls_poll WHERE id = ?1;
