INSERT INTO posts_stale (kind, id) VALUES (?1, ?2) ON CONFLICT (kind, id) DO NOTHING
