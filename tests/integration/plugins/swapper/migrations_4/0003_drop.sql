ALTER TABLE swapper_seen DROP COLUMN version;
