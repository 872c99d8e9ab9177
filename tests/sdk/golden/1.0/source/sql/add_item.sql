INSERT INTO conform_item (name, weight, data, at) VALUES (?1, ?2, ?3, ?4);
