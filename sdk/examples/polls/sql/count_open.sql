SELECT count(*) FROM polls_poll WHERE closed = 0;
