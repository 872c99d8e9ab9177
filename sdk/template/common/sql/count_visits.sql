SELECT count(*) FROM @ID@_visit;
