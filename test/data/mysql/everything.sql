-- Everything that the MySQL connector reads, in MariaDB's words. The records it gives for schema `everything` are in everything.records.json.
CREATE DATABASE everything CHARACTER SET utf8mb4 COMMENT 'All that a schema may hold';
CREATE DATABASE `elsewhere` CHARACTER SET utf8mb4;

CREATE TABLE elsewhere.region (id INT PRIMARY KEY, code CHAR(2), KEY by_code (code)) COMMENT 'Referred to from outside';

USE everything;

CREATE TABLE numbers (
  a_tinyint TINYINT,
  a_tinyint1 TINYINT(1),
  a_bool BOOL,
  a_smallint SMALLINT UNSIGNED,
  a_mediumint MEDIUMINT(9),
  an_int INT UNSIGNED ZEROFILL,
  a_bigint BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  a_decimal DECIMAL(10, 2) UNSIGNED,
  a_wide_decimal DECIMAL(65, 30),
  a_decimal_as_is DECIMAL,
  a_numeric NUMERIC(7, 3),
  a_float FLOAT,
  a_float_of FLOAT(7, 3),
  a_double DOUBLE,
  a_double_of DOUBLE(10, 4) UNSIGNED,
  a_real REAL,
  a_bit BIT,
  bits BIT(64),
  PRIMARY KEY (a_bigint)
) COMMENT 'Every kind of number';

CREATE TABLE texts (
  a_char CHAR(3) CHARACTER SET latin1,
  a_char_as_is CHAR,
  a_national NATIONAL CHAR(5),
  a_varchar VARCHAR(255) NOT NULL DEFAULT 'it''s' COMMENT 'It''s a "comment" with \\ and `ticks`, ☃',
  a_tinytext TINYTEXT,
  a_text TEXT,
  a_text_of TEXT(100),
  a_mediumtext MEDIUMTEXT,
  a_longtext LONGTEXT,
  a_binary BINARY(16),
  a_varbinary VARBINARY(32),
  a_tinyblob TINYBLOB,
  a_blob BLOB,
  a_mediumblob MEDIUMBLOB,
  a_longblob LONGBLOB,
  an_enum ENUM ('s', 'medium', 'x,l', 'x)l', 'it''s') NOT NULL,
  a_set SET ('read', 'write'),
  UNIQUE KEY by_varchar (a_varchar),
  UNIQUE KEY by_two (a_char, a_national),
  UNIQUE KEY by_start (a_text (10)),
  KEY not_unique (an_enum)
) COMMENT 'Texts, "quoted" and \\ slashed';

CREATE TABLE times (
  a_date DATE,
  a_time TIME,
  a_time_of TIME (3),
  a_datetime DATETIME,
  a_datetime_of DATETIME (6) DEFAULT CURRENT_TIMESTAMP(6),
  a_timestamp TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  a_timestamp_of TIMESTAMP(2) NULL,
  a_year YEAR
);

CREATE TABLE json_kinds (
  native JSON COMMENT 'MariaDB keeps it as longtext with a check',
  `we``ird json` JSON NOT NULL,
  by_own_check LONGTEXT CHECK (json_valid(by_own_check)),
  varchar_with_check VARCHAR(100) CHECK (json_valid(varchar_with_check)),
  longtext_with_other_check LONGTEXT CHECK (length(longtext_with_other_check) > 1),
  longtext_with_table_check LONGTEXT,
  a_longtext LONGTEXT,
  CONSTRAINT table_check CHECK (json_valid(longtext_with_table_check))
);

CREATE TABLE shapes (
  a_geometry GEOMETRY,
  a_point POINT,
  a_linestring LINESTRING,
  a_polygon POLYGON,
  a_multipoint MULTIPOINT,
  a_multilinestring MULTILINESTRING,
  a_multipolygon MULTIPOLYGON,
  a_geometrycollection GEOMETRYCOLLECTION
);

CREATE TABLE mariadb_types (an_inet4 INET4, an_inet6 INET6, a_uuid UUID NOT NULL);

CREATE TABLE computed (
  id INT AUTO_INCREMENT PRIMARY KEY INVISIBLE,
  net DECIMAL(8, 2),
  gross DECIMAL(9, 2) AS (net * 1.19) VIRTUAL,
  kept DECIMAL(9, 2) AS (net * 2) STORED,
  hidden INT INVISIBLE
);

CREATE TABLE customer (
  id INT PRIMARY KEY,
  tenant INT NOT NULL,
  email VARCHAR(100),
  country CHAR(2),
  region INT,
  UNIQUE KEY by_tenant_and_email (tenant, email),
  KEY by_country (country),
  CONSTRAINT lives_in FOREIGN KEY (region) REFERENCES elsewhere.region (id),
  CONSTRAINT comes_from FOREIGN KEY (country) REFERENCES elsewhere.region (code)
);

CREATE TABLE passport (
  customer INT PRIMARY KEY,
  issued_by CHAR(2),
  CONSTRAINT one_each FOREIGN KEY (customer) REFERENCES customer (id),
  CONSTRAINT many_to_many FOREIGN KEY (issued_by) REFERENCES customer (country)
);

CREATE TABLE invoice (
  id INT PRIMARY KEY,
  tenant INT,
  email VARCHAR(100),
  replaced_by INT,
  CONSTRAINT of_customer FOREIGN KEY (tenant, email) REFERENCES customer (tenant, email),
  CONSTRAINT itself FOREIGN KEY (replaced_by) REFERENCES invoice (id)
);

-- A composite primary key; a foreign key that is unique on its own side only.
CREATE TABLE stock (
  warehouse INT,
  product INT,
  held_for CHAR(2) UNIQUE,
  PRIMARY KEY (product, warehouse),
  CONSTRAINT one_to_many FOREIGN KEY (held_for) REFERENCES elsewhere.region (code)
) COMMENT 'On the shelf 📦';
-- Two that refer to each other, and a composite key across schemas, from one that is read before.
CREATE TABLE team (id INT PRIMARY KEY, lead_by INT);
CREATE TABLE member (id INT PRIMARY KEY, team INT NOT NULL, CONSTRAINT in_team FOREIGN KEY (team) REFERENCES team (id));
ALTER TABLE team ADD CONSTRAINT has_lead FOREIGN KEY (lead_by) REFERENCES member (id);
CREATE TABLE elsewhere.delivery (
  id INT PRIMARY KEY,
  warehouse INT,
  product INT,
  CONSTRAINT from_stock FOREIGN KEY (product, warehouse) REFERENCES everything.stock (product, warehouse)
);

CREATE TABLE by_year (id INT, made DATE)
  PARTITION BY RANGE (YEAR(made)) SUBPARTITION BY HASH (TO_DAYS(made)) SUBPARTITIONS 2 (
    PARTITION early VALUES LESS THAN (2020), PARTITION late VALUES LESS THAN MAXVALUE);
CREATE TABLE by_dates (id INT, made DATE, `we``ird` INT)
  PARTITION BY RANGE COLUMNS (made, `we``ird`) (PARTITION all_of_it VALUES LESS THAN (MAXVALUE, MAXVALUE));
CREATE TABLE by_number (id INT)
  PARTITION BY RANGE (id) (PARTITION low VALUES LESS THAN (1000), PARTITION high VALUES LESS THAN MAXVALUE);
CREATE TABLE by_list (id INT, kind VARCHAR(10))
  PARTITION BY LIST COLUMNS (kind) (PARTITION ab VALUES IN ('a', 'b'), PARTITION c VALUES IN ('c'));
CREATE TABLE by_hash (id INT, part INT) PARTITION BY HASH (id + part) PARTITIONS 4;
CREATE TABLE by_key (id INT PRIMARY KEY) PARTITION BY KEY () PARTITIONS 3;

CREATE TABLE versioned (id INT PRIMARY KEY, price INT) WITH SYSTEM VERSIONING;
CREATE SEQUENCE counter START WITH 10;

CREATE VIEW newest AS SELECT id, made FROM by_year WHERE made > '2024-01-01';
CREATE ALGORITHM = MERGE SQL SECURITY INVOKER VIEW `checked``view` AS SELECT id FROM customer WHERE id > 10 WITH CASCADED CHECK OPTION;
CREATE VIEW with_emoji AS SELECT '😀 ok' AS mood, id FROM customer;
CREATE VIEW across AS SELECT c.id, r.code FROM customer c JOIN elsewhere.region r ON r.id = c.region;
CREATE TABLE short_lived (id INT);
CREATE VIEW broken AS SELECT id FROM short_lived;
DROP TABLE short_lived;

CREATE PROCEDURE archive(IN days INT)
  COMMENT 'Moves ''old'' invoices'
BEGIN
  DELETE FROM passport WHERE customer = days;
  INSERT INTO passport (customer) SELECT id FROM customer;
END;
CREATE FUNCTION with_tax(net DECIMAL(8, 2)) RETURNS DECIMAL(9, 2) DETERMINISTIC COMMENT 'Adds the tax' RETURN net * 1.19;
CREATE FUNCTION archive() RETURNS INT RETURN 1;
