UPDATE conform_item SET name = ?2 WHERE id = ?1;
