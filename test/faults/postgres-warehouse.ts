import type { TestPostgres } from '../services/postgres.js';
import { BIG_SCHEMAS } from './warehouse.js';

const TEXT = 'what this column means to the business, at some length '.repeat(2);

/** In the database `lab`: schemas that are two units of work, the big ones of them staged in several chunks each. */
export async function fillPostgresWarehouse(postgres: TestPostgres): Promise<void> {
  const big = BIG_SCHEMAS.map((schema) => `'${schema}'`).join(', ');
  await postgres.query(
    `DO $$ DECLARE s TEXT; BEGIN
  FOR n IN 0..53 LOOP
    EXECUTE format('CREATE SCHEMA %1$I CREATE TABLE small (id INT PRIMARY KEY)', 'w' || lpad(n::text, 2, '0'));
  END LOOP;
  FOREACH s IN ARRAY ARRAY[${big}] LOOP
    FOR n IN 0..129 LOOP
      EXECUTE format('CREATE TABLE %I.%I (id INT PRIMARY KEY, %s)', s, 't' || lpad(n::text, 3, '0'),
        (SELECT string_agg(format('c%s VARCHAR(%s)', c, c + 10), ', ') FROM generate_series(0, 59) c));
    END LOOP;
    EXECUTE format('CREATE VIEW %1$I.v AS SELECT id FROM %1$I.t001', s);
    EXECUTE format('CREATE PROCEDURE %I.p() LANGUAGE sql AS ''SELECT 1''', s);
  END LOOP;
  -- every tenth points at the neighbour after it, and so waits for it; the first ones at the other schema, which comes later
  FOREACH s IN ARRAY ARRAY[${big}] LOOP
    FOR n IN 0..129 BY 10 LOOP
      EXECUTE format('ALTER TABLE %1$I.%2$I ADD FOREIGN KEY (id) REFERENCES %1$I.%3$I', s, 't' || lpad(n::text, 3, '0'), 't' || lpad((n + 1)::text, 3, '0'));
    END LOOP;
  END LOOP;
  FOR n IN 1..4 LOOP EXECUTE format('ALTER TABLE w00.t00%1$s ADD FOREIGN KEY (id) REFERENCES w52.t00%1$s', n); END LOOP;
END $$;
INSERT INTO pg_description SELECT c.oid, 'pg_class'::regclass, a.attnum, '${TEXT}' || a.attnum FROM pg_attribute a
  JOIN pg_class c ON c.oid = a.attrelid WHERE c.relname ~ '^t\\d' AND c.relkind = 'r' AND a.attnum > 1;
INSERT INTO pg_description SELECT c.oid, 'pg_class'::regclass, 0, 'table ' || right(c.relname, 3) FROM pg_class c
  WHERE c.relname ~ '^t\\d' AND c.relkind = 'r' AND c.relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname IN (${big}))`,
    'lab'
  );
}

/** To its second state: tables gone, changed and new. */
export async function changePostgresWarehouse(postgres: TestPostgres): Promise<void> {
  const statements = BIG_SCHEMAS.flatMap((schema) => [
    ...['012', '033', '074'].map((n) => `DROP TABLE ${schema}.t${n}`),
    `DO $$ BEGIN FOR n IN 40..109 LOOP IF n <> 74 THEN
      EXECUTE format('COMMENT ON TABLE ${schema}.%I IS %L', 't' || lpad(n::text, 3, '0'), 'table ' || n || ', as it is now');
    END IF; END LOOP; END $$`,
    // Two new ones that wait for each other.
    `CREATE TABLE ${schema}.u000 (id INT PRIMARY KEY)`,
    `CREATE TABLE ${schema}.u001 (id INT PRIMARY KEY REFERENCES ${schema}.u000)`,
    `ALTER TABLE ${schema}.u000 ADD FOREIGN KEY (id) REFERENCES ${schema}.u001`,
    `DROP PROCEDURE ${schema}.p()`,
  ]);
  await postgres.query(statements.join('; '), 'lab');
}
