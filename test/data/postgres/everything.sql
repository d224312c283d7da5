CREATE EXTENSION hstore; CREATE EXTENSION citext; CREATE EXTENSION ltree; CREATE EXTENSION postgres_fdw; CREATE EXTENSION cube;
CREATE SCHEMA other; CREATE SCHEMA everything; COMMENT ON SCHEMA everything IS 'All that a schema may hold';
SET search_path = everything, public;

CREATE TYPE mood AS ENUM ('sad', 'ok', 'it''s "happy"');
CREATE TYPE address AS (street TEXT, zip VARCHAR(10));
CREATE TYPE person AS (name TEXT, home address, moods mood[]);
CREATE TYPE float_range AS RANGE (subtype = float8);
CREATE TYPE "Odd.Type" AS ENUM ('a');
CREATE DOMAIN positive AS NUMERIC(8, 3) CHECK (VALUE > 0);
CREATE DOMAIN more_positive AS positive NOT NULL;
CREATE DOMAIN most_positive AS more_positive CHECK (VALUE < 1000); CREATE DOMAIN code AS VARCHAR(10) DEFAULT 'x'; COMMENT ON DOMAIN code IS 'A code';
CREATE DOMAIN codes AS code[] NOT NULL; CREATE DOMAIN place AS address; CREATE TYPE priced AS (name code, price more_positive);

CREATE TABLE other.country (code CHAR(2) PRIMARY KEY);
CREATE TABLE numbers (
  a SMALLINT, b INTEGER NOT NULL, c BIGINT, d NUMERIC, e NUMERIC(10, 2), f NUMERIC(5), g REAL, h DOUBLE PRECISION, i MONEY, j SERIAL,
  k BIGINT GENERATED ALWAYS AS IDENTITY, l INT GENERATED ALWAYS AS (b * 2) STORED, m INT DEFAULT 7, n OID
);
CREATE TABLE texts (a VARCHAR(20), b VARCHAR, c CHAR(5), d BPCHAR, e TEXT, f "char", g NAME, h CITEXT, i BYTEA, j UUID, k XML, l mood, m "Odd.Type");
CREATE TABLE times (
  a DATE, b TIME, c TIME(3), d TIMETZ, e TIMESTAMP, f TIMESTAMP(3), g TIMESTAMPTZ, h INTERVAL, i INTERVAL DAY TO SECOND(2),
  j TSRANGE, k TSTZRANGE, l DATERANGE, m TSTZMULTIRANGE
);
CREATE TABLE others (
  a BOOLEAN, b JSON, c JSONB, d JSONPATH, e INET, f CIDR, g MACADDR, h MACADDR8, i BIT(3), j BIT VARYING(8), k TSVECTOR, l TSQUERY, m PG_LSN, n XID, o TID,
  p POINT, q POLYGON, r INT4RANGE, s NUMRANGE, t INT8MULTIRANGE, u REGCLASS, v HSTORE, w LTREE, x float_range, y PG_SNAPSHOT, z CUBE
);
CREATE TABLE lists (a INT[], b TEXT[][], c VARCHAR(10)[], d mood[], e address[], f NUMERIC(4, 1)[], g INT2VECTOR);
CREATE TABLE structs (a address, b person, c positive, d more_positive, e numbers, f other.country[]);
CREATE TABLE domains (a most_positive, b code, c codes, d code[], e more_positive[], f place, g priced, h code NOT NULL);
CREATE VIEW of_domains AS SELECT d.a, d.b, d.c FROM structs LEFT JOIN domains d ON false;

CREATE TABLE described (id INT PRIMARY KEY, "Na.me" TEXT, UNIQUE ("Na.me", id));
COMMENT ON TABLE described IS 'A table''s "comment" ☃ 🦆'; COMMENT ON COLUMN described."Na.me" IS 'A column''s';
CREATE UNIQUE INDEX by_name ON described ("Na.me") INCLUDE (id);
CREATE UNIQUE INDEX partial ON described (id) WHERE id > 0; CREATE UNIQUE INDEX by_expression ON described (lower("Na.me"));
CREATE TABLE referring (
  id INT PRIMARY KEY, country CHAR(2) REFERENCES other.country, x TEXT, y INT, parent INT REFERENCES referring,
  CONSTRAINT two FOREIGN KEY (x, y) REFERENCES described ("Na.me", id)
);
CREATE TABLE dropped (a INT, gone INT, c INT); ALTER TABLE dropped DROP COLUMN gone;
CREATE TABLE nothing ();

CREATE TABLE by_time (at TIMESTAMP NOT NULL, id INT, PRIMARY KEY (at, id)) PARTITION BY RANGE (at);
CREATE TABLE by_time_2025 PARTITION OF by_time FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE by_month (at DATE, n INT) PARTITION BY RANGE (date_trunc('month', at::timestamp));
CREATE TABLE by_number (n BIGINT, t TEXT) PARTITION BY RANGE (n);
CREATE TABLE by_list (country TEXT) PARTITION BY LIST (lower(country));
CREATE TABLE by_hash ("Key" INT, b INT) PARTITION BY HASH ("Key", b);
CREATE TABLE to_partitioned (at TIMESTAMP, id INT, FOREIGN KEY (at, id) REFERENCES by_time);

CREATE SERVER elsewhere FOREIGN DATA WRAPPER postgres_fdw;
CREATE FOREIGN TABLE abroad (id INT OPTIONS (column_name 'key'), name TEXT) SERVER elsewhere;
CREATE TEMPORARY TABLE temporary_one (a INT);
CREATE UNLOGGED TABLE unlogged (a INT);
CREATE SEQUENCE counter;

CREATE VIEW newest AS SELECT DISTINCT ON (at) at, id::BIGINT AS id FROM by_time ORDER BY at, id DESC;
COMMENT ON VIEW newest IS 'A view''s comment';
CREATE VIEW across AS SELECT c.code, d."Na.me" FROM other.country c JOIN LATERAL (SELECT * FROM described WHERE id > 1) d ON true;
CREATE MATERIALIZED VIEW counted AS SELECT n, count(*) FILTER (WHERE t <> 'x') AS texts, percentile_cont(0.5) WITHIN GROUP (ORDER BY n) AS middle FROM by_number GROUP BY n;
CREATE UNIQUE INDEX counted_n ON counted (n);

CREATE TABLE secured (tenant TEXT, b INT); ALTER TABLE secured ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON secured USING (tenant = current_user); CREATE POLICY "all rows" ON secured FOR SELECT USING (true);
CREATE TABLE other.secured (tenant TEXT); CREATE POLICY elsewhere ON other.secured USING (true);

CREATE FUNCTION plus(a INT, b INT) RETURNS INT LANGUAGE sql AS 'SELECT a + b';
CREATE FUNCTION plus(a TEXT, b mood DEFAULT 'ok') RETURNS TEXT LANGUAGE plpgsql AS $$ BEGIN RETURN a || b; END $$;
COMMENT ON FUNCTION plus(INT, INT) IS 'Adds';
CREATE FUNCTION standard(a INT) RETURNS INT RETURN a + 1;
CREATE PROCEDURE archive(INOUT done INT) LANGUAGE plpgsql AS $$ BEGIN INSERT INTO numbers (b) SELECT id FROM described; END $$;
CREATE AGGREGATE total(INT) (SFUNC = int4pl, STYPE = INT);
CREATE FUNCTION on_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
