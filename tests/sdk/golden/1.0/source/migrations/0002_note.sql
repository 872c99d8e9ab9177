ALTER TABLE conform_item ADD COLUMN note TEXT;
