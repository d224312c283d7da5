/**
 * What is marked deleted after something happened to a PostgreSQL database. `$d` is the case's database, `$u` the
 * ingesting user, in scripts that a superuser runs. Each begins with a run over `FIXTURE`: 16 entities with the
 * database and three schemas, of which 7 are less than half and 20 % are 3. The catalogue is open to everybody who may
 * connect: the rows of MariaDB's table about rights that hide a thing have no counterpart but those below "Rights", nor
 * have those about labels and session limits.
 */
export interface PostgresDeletionCase {
  readonly name: string;
  /** Before the first run, outside of a transaction: further statements of the fixture. */
  readonly more?: string;
  /** Before each further run. */
  readonly then: readonly string[];
  /** Runs after the last of them; 1. */
  readonly repeat?: number;
  /** Of sourceConfig.config of all runs; of the later ones only. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly laterConfig?: Readonly<Record<string, unknown>>;
  /** Of serviceConnection.config of all runs; of the later ones only. */
  readonly connection?: Readonly<Record<string, unknown>>;
  readonly laterConnection?: Readonly<Record<string, unknown>>;
  readonly maxDeletedPercent?: number;
  /** Between the listing of the last run and its deletions. */
  readonly during?: string;
  /** True: and after that another run from beginning to end. */
  readonly anotherRun?: true;
  /** Live in the end. */
  readonly live?: readonly string[];
  /** Marked deleted in the end, below the database; `''` is the database, `$x` the one beside it. */
  readonly marked: readonly string[];
  /** Of the last run; `refused`: it ends without a report. */
  readonly state?: 'partialSuccess' | 'failed' | 'refused';
  /** Stands in a reason or failure of the last run. */
  readonly says?: string;
}

export const FIXTURE = `CREATE SCHEMA s; SET search_path = s;
${['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `CREATE TABLE ${name} (id INT PRIMARY KEY);`).join('')}
CREATE VIEW v AS SELECT id FROM b; CREATE MATERIALIZED VIEW m AS SELECT id FROM c;
CREATE TABLE p (n INT) PARTITION BY RANGE (n); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
CREATE FUNCTION f() RETURNS INT LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION f(a INT) RETURNS INT LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE q() LANGUAGE sql AS 'SELECT 1';
CREATE SCHEMA t; CREATE TABLE t.x (id INT);`;
/** Schemas s, t and public, nine tables and views, a table, two routines, the database. */
export const ENTITIES = 16;

const SCHEMAS = { markDeletedSchemas: true };
const ALL = { markDeletedSchemas: true, markDeletedDatabases: true };
const ALL_DATABASES = { ingestAllDatabases: true };
const EVERYTHING = ['s', 's.a', 's.b', 's.c', 's.d', 's.e', 's.f', 's.f', 's.m', 's.p', 's.q', 's.v', 't', 't.x'];
const REVOKE_CONNECT = `REVOKE CONNECT ON DATABASE $d FROM PUBLIC`;
const END_SESSIONS = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '$d' AND usename = '$u'`;

export const CASES: readonly PostgresDeletionCase[] = [
  // What is gone is marked.
  { name: 'a dropped table', then: ['DROP TABLE s.a'], marked: ['s.a'] },
  {
    name: 'a dropped table, without any right on it',
    then: ['REVOKE ALL ON SCHEMA s FROM PUBLIC; DROP TABLE s.a'],
    marked: ['s.a'],
  },
  { name: 'dropped views, of both kinds', then: ['DROP VIEW s.v; DROP MATERIALIZED VIEW s.m'], marked: ['s.m', 's.v'] },
  { name: 'a dropped table with the view over it', then: ['DROP TABLE s.b CASCADE'], marked: ['s.b', 's.v'] },
  { name: 'a dropped partitioned table', then: ['DROP TABLE s.p'], marked: ['s.p'] },
  {
    name: 'a dropped foreign table',
    more: 'CREATE EXTENSION postgres_fdw; CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw; CREATE FOREIGN TABLE s.w (id INT) SERVER far',
    then: ['DROP FOREIGN TABLE s.w'],
    marked: ['s.w'],
  },
  {
    name: 'a dropped routine, not one of which an overload is left',
    then: ['DROP FUNCTION s.f(INT); DROP PROCEDURE s.q'],
    marked: ['s.q'],
  },
  { name: 'a dropped schema with what was in it', config: ALL, then: ['DROP SCHEMA t CASCADE'], marked: ['t', 't.x'] },
  { name: 'everything in a schema', then: ['DROP TABLE t.x'], marked: ['t.x'] },
  { name: 'a renamed table', then: ['ALTER TABLE s.a RENAME TO z'], marked: ['s.a'] },
  { name: 'a renamed schema', config: ALL, then: ['ALTER SCHEMA t RENAME TO u'], marked: ['t', 't.x'] },
  { name: 'a table that went to another schema', then: ['ALTER TABLE s.a SET SCHEMA t'], marked: ['s.a'] },
  {
    name: 'a table that became a partition',
    then: [
      'CREATE TABLE s.pp (id INT NOT NULL) PARTITION BY RANGE (id); ALTER TABLE s.pp ATTACH PARTITION s.a FOR VALUES FROM (0) TO (9)',
    ],
    marked: ['s.a'],
  },
  {
    name: 'one of two names that differ in case',
    more: 'CREATE TABLE s."A" (id INT)',
    then: ['DROP TABLE s."A"'],
    marked: ['s.A'],
  },
  {
    name: 'a table with a dot in its name',
    more: 'CREATE TABLE s."we.ird" (id INT)',
    then: ['DROP TABLE s."we.ird"'],
    marked: ['s."we.ird"'],
  },
  {
    name: 'a table with a quote in its name',
    more: 'CREATE TABLE s."q""t" (id INT)',
    then: ['DROP TABLE s."q""t"'],
    marked: ['s.q__reserved__quote__t'],
  },
  {
    name: 'a table named as a rewritten one',
    more: 'CREATE TABLE s.q__reserved__quote__t (id INT)',
    then: ['DROP TABLE s.q__reserved__quote__t'],
    marked: ['s.q__reserved__quote__t'],
  },
  {
    name: 'nothing of two tables that OpenMetadata stores as one',
    more: 'CREATE TABLE s."q""t" (id INT); CREATE TABLE s.q__reserved__quote__t (id INT)',
    then: [''],
    marked: [],
    state: 'partialSuccess',
    says: 'and can hold one of them',
  },
  {
    name: 'nothing when one of two tables that OpenMetadata stores as one is dropped',
    more: 'CREATE TABLE s."q""t" (id INT); CREATE TABLE s.q__reserved__quote__t (id INT)',
    then: ['DROP TABLE s."q""t"'],
    marked: [],
  },
  {
    name: 'a dropped table once, however often the run is repeated',
    then: ['DROP TABLE s.a'],
    repeat: 3,
    marked: ['s.a'],
  },
  {
    name: 'a few a run, run after run',
    then: ['DROP TABLE s.a', 'DROP TABLE s.d', 'DROP TABLE s.e'],
    marked: ['s.a', 's.d', 's.e'],
  },

  // What is there is not.
  { name: 'a table in whose place is a sequence', then: ['DROP TABLE s.a; CREATE SEQUENCE s.a'], marked: ['s.a'] },
  { name: 'a table in whose place is a type', then: ['DROP TABLE s.a; CREATE TYPE s.a AS (id INT)'], marked: ['s.a'] },
  {
    name: 'what a schema no longer has that was dropped and made again, one night later',
    config: ALL,
    then: ['DROP SCHEMA t CASCADE', 'CREATE SCHEMA t; CREATE TABLE t.y (id INT)'],
    marked: ['t.x'],
    live: ['t', 't.y'],
  },
  {
    name: 'no procedure that became a function',
    then: ["DROP PROCEDURE s.q; CREATE FUNCTION s.q() RETURNS INT LANGUAGE sql AS 'SELECT 1'"],
    marked: [],
  },
  { name: 'no table made again', then: ['DROP TABLE s.a; CREATE TABLE s.a (id INT, more INT)'], marked: [] },
  { name: 'no table that came back', then: ['DROP TABLE s.a', 'CREATE TABLE s.a (id INT)'], marked: [] },
  { name: 'no table that became a view', then: ['DROP TABLE s.a; CREATE VIEW s.a AS SELECT 1 AS id'], marked: [] },
  {
    name: 'no procedure made again',
    then: [`DROP PROCEDURE s.q; CREATE PROCEDURE s.q() LANGUAGE sql AS 'SELECT 2'`],
    marked: [],
  },
  {
    name: 'no table that changed its owner',
    then: ['CREATE ROLE owner_of_$d; ALTER TABLE s.a OWNER TO owner_of_$d'],
    marked: [],
  },

  // Rights.
  {
    name: 'nothing when rights on tables and schemas are lost: the catalogue shows them all the same',
    config: ALL,
    then: ['REVOKE ALL ON SCHEMA s, t FROM PUBLIC; REVOKE ALL ON ALL TABLES IN SCHEMA s FROM PUBLIC'],
    repeat: 2,
    marked: [],
  },
  {
    name: 'only what was dropped beside a lost right',
    config: ALL,
    then: ['REVOKE ALL ON SCHEMA s, t FROM PUBLIC; DROP TABLE t.x; DROP TABLE s.a'],
    repeat: 2,
    marked: ['s.a', 't.x'],
  },
  {
    name: 'nothing when CONNECT is lost, four nights long',
    config: ALL,
    then: [REVOKE_CONNECT],
    repeat: 4,
    marked: [],
    state: 'refused',
    says: 'GRANT CONNECT ON DATABASE ',
  },
  {
    name: 'a table that was dropped while CONNECT was lost, once it is back',
    config: ALL,
    then: [`DROP TABLE s.a; ${REVOKE_CONNECT}`, 'GRANT CONNECT ON DATABASE $d TO PUBLIC'],
    marked: ['s.a'],
  },
  {
    name: 'nothing when the catalogue itself is closed, however much may go',
    config: ALL,
    maxDeletedPercent: 100,
    then: ['REVOKE SELECT ON pg_catalog.pg_class FROM PUBLIC; DROP TABLE s.a'],
    marked: [],
    state: 'refused',
    says: 'permission denied for table pg_class',
  },
  {
    name: 'nothing when CONNECT is lost between the listing and the deletions',
    config: ALL,
    then: ['DROP TABLE s.a'],
    during: `${REVOKE_CONNECT}; ${END_SESSIONS}`,
    marked: [],
    state: 'refused',
    says: 'permission denied for database',
  },
  {
    name: 'nothing when the catalogue is closed between the listing and the deletions',
    then: ['DROP TABLE s.a'],
    during: 'REVOKE SELECT ON pg_catalog.pg_class FROM PUBLIC',
    marked: [],
    state: 'refused',
    says: 'permission denied for table pg_class',
  },
  {
    name: 'no table that comes back between the listing and the deletions',
    then: ['DROP TABLE s.a'],
    during: 'CREATE TABLE s.a (id INT)',
    marked: [],
  },
  {
    name: 'no table that another run publishes meanwhile',
    then: ['DROP TABLE s.a'],
    during: `CREATE TABLE s.new (id INT); CREATE PROCEDURE s.fresh() LANGUAGE sql AS 'SELECT 1'`,
    anotherRun: true,
    marked: ['s.a'],
    live: ['s.new', 's.fresh'],
  },

  // Databases.
  {
    name: 'a dropped database with what was in it',
    more: 'CREATE DATABASE $dx TEMPLATE fixture',
    connection: ALL_DATABASES,
    config: ALL,
    maxDeletedPercent: 60,
    then: ['DROP DATABASE $dx WITH (FORCE)'],
    marked: ['$x', '$x.public', ...EVERYTHING.map((name) => `$x.${name}`)],
  },
  {
    name: 'no dropped database without its flag',
    more: 'CREATE DATABASE $dx TEMPLATE fixture',
    connection: ALL_DATABASES,
    config: SCHEMAS,
    maxDeletedPercent: 60,
    then: ['DROP DATABASE $dx WITH (FORCE)'],
    marked: [],
  },
  {
    name: 'nothing of a database that may not be connected to any more, only what was dropped in another one',
    more: 'CREATE DATABASE $dx TEMPLATE fixture',
    connection: ALL_DATABASES,
    config: ALL,
    then: ['REVOKE CONNECT ON DATABASE $dx FROM PUBLIC; DROP TABLE s.a'],
    repeat: 2,
    marked: ['s.a'],
    state: 'partialSuccess',
    says: 'GRANT CONNECT ON DATABASE',
  },
  {
    name: 'nothing of a database that takes no connections any more',
    more: 'CREATE DATABASE $dx TEMPLATE fixture',
    connection: ALL_DATABASES,
    config: ALL,
    then: ['ALTER DATABASE $dx ALLOW_CONNECTIONS false; DROP TABLE s.a'],
    repeat: 2,
    marked: ['s.a'],
  },
  {
    name: 'no database that a pattern leaves out',
    more: 'CREATE DATABASE $dx TEMPLATE fixture',
    connection: ALL_DATABASES,
    config: ALL,
    laterConfig: { databaseFilterPattern: { includes: ['^$d$'] } },
    then: ['DROP TABLE s.a'],
    marked: ['s.a'],
  },
  {
    name: 'no database beside the one that is read, however much may go',
    more: 'CREATE DATABASE $dx TEMPLATE fixture',
    config: ALL,
    maxDeletedPercent: 100,
    laterConnection: { database: '$dx' },
    then: [''],
    repeat: 2,
    marked: [],
  },

  // Flags, filters.
  {
    name: 'no table without its flag',
    config: { markDeletedTables: false },
    then: ['DROP TABLE s.a; DROP PROCEDURE s.q'],
    marked: ['s.q'],
  },
  {
    name: 'no routine without its flag',
    config: { markDeletedStoredProcedures: false },
    then: ['DROP TABLE s.a; DROP PROCEDURE s.q'],
    marked: ['s.a'],
  },
  { name: 'no schema without its flag', then: ['DROP SCHEMA t CASCADE'], marked: [] },
  {
    name: 'no table that a pattern leaves out',
    laterConfig: { tableFilterPattern: { excludes: ['^a$'] } },
    then: ['DROP TABLE s.d'],
    marked: ['s.d'],
  },
  {
    name: 'no table that a pattern does not take in',
    laterConfig: { tableFilterPattern: { includes: ['^a$'] } },
    then: [''],
    marked: [],
  },
  {
    name: 'no routine that a pattern leaves out',
    laterConfig: { storedProcedureFilterPattern: { excludes: ['.*'] } },
    then: [''],
    marked: [],
  },
  {
    name: 'nothing of a schema that a pattern leaves out',
    config: ALL,
    laterConfig: { schemaFilterPattern: { includes: ['^s$'] } },
    then: ['DROP TABLE t.x'],
    marked: [],
  },
  {
    name: 'no view with includeViews: false',
    laterConfig: { includeViews: false },
    then: ['DROP TABLE s.a'],
    marked: ['s.a'],
  },
  { name: 'no table with includeTables: false', laterConfig: { includeTables: false }, then: [''], marked: [] },
  {
    name: 'no routine with includeStoredProcedures: false',
    laterConfig: { includeStoredProcedures: false },
    then: [''],
    marked: [],
  },

  // The share.
  {
    name: 'nothing of an emptied database',
    config: ALL,
    then: ['DROP SCHEMA s, t CASCADE'],
    repeat: 3,
    marked: [],
    state: 'partialSuccess',
    says: 'shows no table and no procedure at all',
  },
  {
    name: 'everything of an emptied database when the recipe allows it',
    config: ALL,
    maxDeletedPercent: 100,
    then: ['DROP SCHEMA s, t CASCADE'],
    marked: EVERYTHING,
  },
  {
    name: 'seven of sixteen, which is less than half',
    then: ['DROP TABLE s.a, s.d, s.e, s.f, s.p; DROP TABLE s.b CASCADE'],
    marked: ['s.a', 's.b', 's.d', 's.e', 's.f', 's.p', 's.v'],
  },
  {
    name: 'a fifth where it is half or more, and no more in the nights after',
    then: ['DROP TABLE s.a, s.d, s.e, s.f, s.p; DROP TABLE s.b, s.c CASCADE'],
    repeat: 3,
    marked: ['s.a', 's.b', 's.c'],
    state: 'partialSuccess',
    says: 'held back: 6',
  },
  {
    name: 'nothing with maxDeletedPercent: 0',
    maxDeletedPercent: 0,
    then: ['DROP TABLE s.a'],
    marked: [],
    state: 'partialSuccess',
    says: 'held back: 1',
  },
  {
    name: 'as many as maxDeletedPercent says, exactly',
    maxDeletedPercent: 25,
    then: ['DROP TABLE s.a, s.d, s.e, s.f, s.p, t.x'],
    marked: ['s.a', 's.d', 's.e', 's.f'],
    state: 'partialSuccess',
    says: 'held back: 2',
  },
  {
    name: 'no schema that holds more than may go',
    config: SCHEMAS,
    maxDeletedPercent: 10,
    then: ['DROP SCHEMA t CASCADE'],
    repeat: 2,
    marked: [],
    state: 'partialSuccess',
    says: 'held back: 2',
  },
  {
    name: 'a schema that holds as many as may go',
    config: SCHEMAS,
    maxDeletedPercent: 13,
    then: ['DROP SCHEMA t CASCADE'],
    marked: ['t', 't.x'],
  },
];
