CREATE TABLE half_migration_first (id INTEGER PRIMARY KEY);
CREATE TABLE half_migration_second (id INTEGER PRIMARY KEY, other BIGINT REFERENCES half_migration_first (id), other BIGINT);
