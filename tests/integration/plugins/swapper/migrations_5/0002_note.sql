ALTER TABLE swapper_seen ADD COLUMN note TEXT;
