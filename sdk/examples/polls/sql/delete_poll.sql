DELETE FROM polls_poll WHERE id = ?1;
