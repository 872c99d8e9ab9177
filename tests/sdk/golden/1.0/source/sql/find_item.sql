SELECT name, weight, data FROM conform_item WHERE id = ?1;
