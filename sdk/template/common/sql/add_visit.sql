INSERT INTO @ID@_visit (name, at) VALUES (?1, ?2);
