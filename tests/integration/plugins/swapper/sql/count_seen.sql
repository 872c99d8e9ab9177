SELECT count(*), count(DISTINCT post_event) FROM swapper_seen;
