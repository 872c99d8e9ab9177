SELECT count(*) FROM conform_seen;
