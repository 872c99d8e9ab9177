CREATE TABLE foreign_migration_own (id INTEGER PRIMARY KEY);
CREATE TABLE somebody_elses (id INTEGER PRIMARY KEY);
