INSERT INTO swapper_seen (post_event, version) VALUES (?1, ?2);
