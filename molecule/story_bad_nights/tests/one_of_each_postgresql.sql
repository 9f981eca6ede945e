-- One of each kind of thing that a database of PostgreSQL holds, and text that is not UTF-8 inside.
CREATE ROLE whole_reader;
CREATE ROLE whole_kim LOGIN PASSWORD 'invented-0123456789' IN ROLE whole_reader;
CREATE DATABASE whole OWNER whole_kim ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'
  TEMPLATE template0;
ALTER DATABASE whole SET work_mem = '8MB';
GRANT CONNECT ON DATABASE whole TO whole_reader;
\connect whole
CREATE EXTENSION hstore;
CREATE SCHEMA side AUTHORIZATION whole_kim;
GRANT USAGE ON SCHEMA side TO whole_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE whole_kim IN SCHEMA side GRANT SELECT ON TABLES TO whole_reader;
CREATE DOMAIN side.code AS text CONSTRAINT five_digits CHECK (VALUE ~ '^[0-9]{5}$');
GRANT USAGE ON TYPE side.code TO whole_reader;
CREATE TYPE side.mood AS ENUM ('fröhlich', 'müde');
CREATE TYPE side.span AS RANGE (subtype = int4);
CREATE TYPE side.place AS (town text, code side.code);
CREATE SEQUENCE side.numbers INCREMENT BY 3;
CREATE TABLE towns (
  id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text COLLATE "POSIX" NOT NULL DEFAULT 'Köln',
  number bigint DEFAULT nextval('side.numbers'),
  code side.code,
  mood side.mood,
  more hstore,
  length int GENERATED ALWAYS AS (char_length(name)) STORED
);
CREATE TABLE streets (town int NOT NULL REFERENCES towns ON DELETE CASCADE, name text);
CREATE TABLE weather (year int NOT NULL, words text) PARTITION BY RANGE (year);
CREATE TABLE weather_of_old PARTITION OF weather FOR VALUES FROM (MINVALUE) TO (2020);
INSERT INTO towns (name, code, mood, more) VALUES
  ('Düren', '52349', 'müde', 'Fluß=>Rur'), ('Würselen', '52146', 'fröhlich', NULL);
INSERT INTO streets VALUES (1, 'Straße der Größe');
INSERT INTO weather VALUES (1999, 'trüb');
CREATE STATISTICS towns_together ON name, code FROM towns;
CREATE VIEW long_names AS SELECT id, name FROM towns WHERE length > 4;
CREATE MATERIALIZED VIEW counted AS SELECT count(*) AS towns FROM towns;
CREATE RULE never AS ON DELETE TO streets DO INSTEAD NOTHING;
CREATE FUNCTION shout(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT upper($1) $$;
CREATE AGGREGATE together(text) (SFUNC = textcat, STYPE = text, INITCOND = '');
CREATE PROCEDURE forget(town int) LANGUAGE sql AS $$ DELETE FROM towns WHERE id = town $$;
REVOKE EXECUTE ON PROCEDURE forget(int) FROM PUBLIC;
CREATE FUNCTION trim_name() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN NEW.name = btrim(NEW.name); RETURN NEW; END $$;
CREATE TRIGGER trimmed BEFORE INSERT ON towns FOR EACH ROW EXECUTE FUNCTION trim_name();
CREATE FUNCTION notice() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$;
CREATE EVENT TRIGGER noticed ON sql_drop EXECUTE FUNCTION notice();
ALTER TABLE towns ENABLE ROW LEVEL SECURITY;
CREATE POLICY only_awake ON towns FOR SELECT TO whole_reader USING (mood <> 'müde');
GRANT SELECT (name) ON towns TO whole_reader;
CREATE PUBLICATION told FOR TABLE towns WHERE (id > 0);
CREATE FOREIGN DATA WRAPPER beyond;
CREATE SERVER elsewhere FOREIGN DATA WRAPPER beyond;
COMMENT ON COLUMN towns.mood IS 'wie man sich fühlt';
SELECT lo_from_bytea(4711, '\x00ff00ff');
