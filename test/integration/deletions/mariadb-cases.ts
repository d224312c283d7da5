/**
 * What is marked deleted after something happened to a MariaDB server. `$s` and `$t` are the case's two schemas, `$u`
 * its user. Each begins with a run over `FIXTURE`: 13 entities with the database and the schemas, of which 6 are less
 * than half, 20 % are 2.
 *
 * Each guard was taken out once to see its rows fail: rights that show a thing (`Rights`), `right` of the check ("SHOW
 * VIEW is lost"), the second look before a mark ("lost between"), containers with what they hold ("more than may go"),
 * what earlier runs marked ("nights after"), rights that a narrower pattern hides ("narrower GRANT"), an emptied
 * source, the label, candidates by id ("another run publishes"), session limits ("init command"). A new guard needs a
 * row that fails without it.
 */
export interface DeletionCase {
  readonly name: string;
  /** GRANTs of the user; default `EVERYTHING`. */
  readonly rights?: readonly string[];
  /** Further statements of the fixture. */
  readonly more?: readonly string[];
  /** What happens before each further run. */
  readonly then: readonly (readonly string[])[];
  /** Runs after the last of them; 1. */
  readonly repeat?: number;
  /** Of sourceConfig.config of all runs; of the later ones only. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly laterConfig?: Readonly<Record<string, unknown>>;
  /** Of serviceConnection.config of the later runs. */
  readonly laterConnection?: Readonly<Record<string, unknown>>;
  /** Recipe of one run after the first, before anything happens. */
  readonly meanwhile?: {
    readonly connection: Readonly<Record<string, unknown>>;
    readonly config: Readonly<Record<string, unknown>>;
  };
  readonly maxDeletedPercent?: number;
  /** Between the listing of the last run and its deletions. */
  readonly during?: readonly string[];
  /** True: and after that another run from beginning to end. */
  readonly anotherRun?: true;
  /** Live in the end. */
  readonly live?: readonly string[];
  /** With a pipeline, without one, or both (default). */
  readonly pipeline?: boolean;
  /** Marked deleted in the end, below `<service>.default`. */
  readonly marked: readonly string[];
  /** Of the last run; `success` when absent. */
  readonly state?: 'partialSuccess';
  /** Stands in a reason or failure of the last run. */
  readonly says?: string;
}

export const FIXTURE = [
  'CREATE DATABASE $s',
  'CREATE DATABASE $t',
  ...['a', 'b', 'c', 'd'].map((name) => `CREATE TABLE $s.${name} (id INT PRIMARY KEY, v INT)`),
  ...['e', 'f', 'g'].map((name) => `CREATE TABLE $t.${name} (id INT PRIMARY KEY)`),
  'CREATE PROCEDURE $s.p() SELECT 1',
  'CREATE PROCEDURE $s.q() SELECT 1',
  'CREATE PROCEDURE $t.r() SELECT 1',
];

export const EVERYTHING = ['SELECT, SHOW VIEW, EXECUTE ON *.*'];
const NARROW = ['SELECT, SHOW VIEW ON $s.*', 'SELECT, SHOW VIEW ON $t.*', 'SELECT ON mysql.proc'];
const WITH_EXECUTE = [...NARROW, 'EXECUTE ON $s.*', 'EXECUTE ON $t.*'];
const SCHEMAS = { markDeletedSchemas: true };
const ALL = { markDeletedSchemas: true, markDeletedDatabases: true };
const ALL_OF_T = ['t', 't.e', 't.f', 't.g', 't.r'];
const dropTables = (...names: readonly string[]): string[] => names.map((name) => `DROP TABLE ${name}`);
const EMPTY_T = [...dropTables('$t.e', '$t.f', '$t.g'), 'DROP PROCEDURE $t.r'];
const EMPTY_S = [...dropTables('$s.a', '$s.b', '$s.c', '$s.d'), 'DROP PROCEDURE $s.p', 'DROP PROCEDURE $s.q'];

export const CASES: readonly DeletionCase[] = [
  // What is gone is marked.
  { name: 'a dropped table', then: [['DROP TABLE $s.a']], marked: ['s.a'] },
  {
    name: 'a dropped table, with rights on the schemas only',
    rights: NARROW,
    then: [['DROP TABLE $s.a']],
    marked: ['s.a'],
  },
  { name: 'a dropped procedure', then: [['DROP PROCEDURE $s.p']], marked: ['s.p'] },
  {
    name: 'a dropped procedure, with rights on the schemas and mysql.proc',
    rights: NARROW,
    then: [['DROP PROCEDURE $s.p']],
    marked: ['s.p'],
  },
  {
    name: 'a dropped view',
    more: ['CREATE VIEW $s.w AS SELECT id FROM $s.a'],
    then: [['DROP VIEW $s.w']],
    marked: ['s.w'],
  },
  { name: 'a dropped schema', config: SCHEMAS, then: [['DROP DATABASE $t']], marked: ALL_OF_T },
  {
    name: 'a dropped schema, with rights on the schemas only',
    rights: NARROW,
    config: SCHEMAS,
    then: [['DROP DATABASE $t']],
    marked: ALL_OF_T,
  },
  { name: 'everything in a schema', then: [EMPTY_T], marked: ['t.e', 't.f', 't.g', 't.r'] },
  { name: 'a renamed table', then: [['RENAME TABLE $s.a TO $s.z']], marked: ['s.a'] },
  { name: 'a table moved to the other schema', then: [['RENAME TABLE $s.a TO $t.a']], marked: ['s.a'] },
  {
    name: 'one of two names that differ in case',
    more: ['CREATE TABLE $s.A (id INT)'],
    then: [['DROP TABLE $s.A']],
    marked: ['s.A'],
  },
  {
    name: 'a table with a dot in its name',
    more: ['CREATE TABLE $s.`we.ird` (id INT)'],
    then: [['DROP TABLE $s.`we.ird`']],
    marked: ['s."we.ird"'],
  },
  {
    name: 'a table with a quote in its name',
    more: ['CREATE TABLE $s.`q"t` (id INT)'],
    then: [['DROP TABLE $s.`q"t`']],
    marked: ['s.q__reserved__quote__t'],
  },
  {
    name: 'a table named as a rewritten one',
    more: ['CREATE TABLE $s.q__reserved__quote__t (id INT)'],
    then: [['DROP TABLE $s.q__reserved__quote__t']],
    marked: ['s.q__reserved__quote__t'],
  },
  {
    name: 'nothing of two tables that OpenMetadata stores as one',
    more: ['CREATE TABLE $s.`q"t` (id INT)', 'CREATE TABLE $s.q__reserved__quote__t (id INT)'],
    then: [[]],
    marked: [],
    state: 'partialSuccess',
    says: 'and can hold one of them',
  },
  {
    name: 'nothing when one of two tables that OpenMetadata stores as one is dropped',
    more: ['CREATE TABLE $s.`q"t` (id INT)', 'CREATE TABLE $s.q__reserved__quote__t (id INT)'],
    then: [['DROP TABLE $s.`q"t`']],
    marked: [],
  },
  {
    name: 'a dropped table, with a right on a pattern of schemas',
    rights: ['SELECT, SHOW VIEW ON `$s%`.*', 'SELECT ON mysql.proc'],
    then: [['DROP TABLE $t.e']],
    marked: ['t.e'],
  },
  {
    name: 'a dropped table, with rights on single tables',
    rights: [
      'SELECT ON $s.a',
      'SELECT ON $s.b',
      'SELECT ON $s.c',
      'SELECT ON $s.d',
      'SELECT ON $t.*',
      'SHOW VIEW ON *.*',
      'SELECT ON mysql.proc',
    ],
    then: [['DROP TABLE $s.a']],
    marked: ['s.a'],
    state: 'partialSuccess',
    says: 'not granted',
  },
  {
    name: 'a dropped procedure, with EXECUTE for mysql.proc',
    rights: WITH_EXECUTE,
    then: [['REVOKE SELECT ON mysql.proc FROM $u', 'DROP PROCEDURE $s.p']],
    marked: ['s.p'],
    state: 'partialSuccess',
    says: 'body is hidden',
  },
  {
    name: 'a dropped table once, however often the run is repeated',
    then: [['DROP TABLE $s.a']],
    repeat: 3,
    marked: ['s.a'],
  },
  {
    name: 'a few a run, run after run',
    then: [['DROP TABLE $s.a'], ['DROP TABLE $s.b'], ['DROP TABLE $s.c']],
    marked: ['s.a', 's.b', 's.c'],
  },
  {
    name: 'a table that was dropped while a right was lost, once it is back',
    rights: NARROW,
    then: [
      ['REVOKE SELECT, SHOW VIEW ON $s.* FROM $u', 'GRANT EXECUTE ON $s.* TO $u', 'DROP TABLE $s.a'],
      ['GRANT SELECT, SHOW VIEW ON $s.* TO $u'],
    ],
    marked: ['s.a'],
  },

  {
    name: 'a table beside a procedure of its name',
    more: ['CREATE PROCEDURE $s.a() SELECT 1'],
    then: [['DROP TABLE $s.a']],
    marked: ['s.a'],
    live: ['s.a'],
  },
  {
    name: 'a table in whose place is a sequence',
    then: [['DROP TABLE $s.a', 'CREATE SEQUENCE $s.a']],
    marked: ['s.a'],
  },
  { name: 'a table renamed to another case', then: [['RENAME TABLE $s.a TO $s.A']], marked: ['s.a'], live: ['s.A'] },
  {
    name: 'a table with a backslash and quotes in its name',
    more: ["CREATE TABLE $s.`b\\o'k` (id INT)"],
    then: [["DROP TABLE $s.`b\\o'k`"]],
    marked: ["s.b\\o'k"],
  },
  {
    name: 'what a schema no longer has that was dropped and made again, one night later',
    config: SCHEMAS,
    then: [['DROP DATABASE $t'], ['CREATE DATABASE $t', 'CREATE TABLE $t.e (id INT)']],
    marked: ['t.f', 't.g', 't.r'],
    live: ['t', 't.e'],
  },

  // What is there is not.
  { name: 'no table made again', then: [['DROP TABLE $s.a', 'CREATE TABLE $s.a (id INT)']], marked: [] },
  { name: 'no table that came back', then: [['DROP TABLE $s.a'], ['CREATE TABLE $s.a (id INT)']], marked: [] },
  {
    name: 'no table that became a view',
    then: [['DROP TABLE $s.a', 'CREATE VIEW $s.a AS SELECT id FROM $s.b']],
    marked: [],
  },
  {
    name: 'no procedure beside a function of its name',
    more: ['CREATE FUNCTION $s.p() RETURNS INT RETURN 1'],
    then: [['DROP PROCEDURE $s.p']],
    marked: [],
    live: ['s.p'],
  },
  { name: 'no procedure made again', then: [['DROP PROCEDURE $s.p', 'CREATE PROCEDURE $s.p() SELECT 2']], marked: [] },
  {
    name: 'no view over a dropped table, only the table',
    more: ['CREATE VIEW $s.w AS SELECT id FROM $s.a'],
    then: [['DROP TABLE $s.a']],
    marked: ['s.a'],
    state: 'partialSuccess',
    says: 'broken',
  },

  // Rights.
  {
    name: 'no procedure after REVOKE of mysql.proc, four nights long',
    rights: NARROW,
    then: [['REVOKE SELECT ON mysql.proc FROM $u']],
    repeat: 4,
    marked: [],
    state: 'partialSuccess',
    says: 'GRANT SELECT ON `mysql`.`proc`',
  },
  {
    name: 'no table after SELECT on a schema is lost and EXECUTE kept',
    rights: WITH_EXECUTE,
    then: [['REVOKE SELECT, SHOW VIEW ON $s.* FROM $u']],
    marked: [],
    state: 'partialSuccess',
    says: 'GRANT SELECT ON',
  },
  {
    name: 'no table after SELECT is lost and EXECUTE kept, four nights long',
    rights: WITH_EXECUTE,
    then: [['REVOKE SELECT, SHOW VIEW ON $s.* FROM $u', 'REVOKE SELECT, SHOW VIEW ON $t.* FROM $u']],
    repeat: 4,
    marked: [],
    state: 'partialSuccess',
    says: 'GRANT SELECT ON',
  },
  {
    name: 'no table after SELECT is lost, however much may go',
    rights: WITH_EXECUTE,
    maxDeletedPercent: 100,
    then: [['REVOKE SELECT, SHOW VIEW ON $s.* FROM $u']],
    marked: [],
    state: 'partialSuccess',
    says: 'held back',
  },
  {
    name: 'only what was dropped beside a lost right',
    rights: WITH_EXECUTE,
    then: [['REVOKE SELECT, SHOW VIEW ON $s.* FROM $u', 'DROP TABLE $t.e', 'DROP TABLE $s.a']],
    repeat: 2,
    marked: ['t.e'],
    state: 'partialSuccess',
    says: 'held back',
  },
  {
    name: 'no schema after all rights on it are lost',
    rights: NARROW,
    config: SCHEMAS,
    then: [['REVOKE SELECT, SHOW VIEW ON $t.* FROM $u']],
    marked: [],
    state: 'partialSuccess',
    says: 'GRANT SELECT ON',
  },
  {
    name: 'no schema after all rights on it are lost, without its flag',
    rights: NARROW,
    then: [['REVOKE SELECT, SHOW VIEW ON $t.* FROM $u']],
    marked: [],
  },
  {
    name: 'no schema after a right on everything became one on a schema',
    rights: EVERYTHING,
    config: SCHEMAS,
    then: [['REVOKE SELECT, SHOW VIEW, EXECUTE ON *.* FROM $u', 'GRANT SELECT, SHOW VIEW, EXECUTE ON $s.* TO $u']],
    marked: [],
    state: 'partialSuccess',
    says: 'held back',
  },
  {
    name: 'no schema after its role is lost',
    rights: [...NARROW.filter((right) => !right.includes('$t'))],
    more: [
      'CREATE ROLE $s_role',
      'GRANT SELECT, SHOW VIEW ON $t.* TO $s_role',
      'GRANT $s_role TO $u',
      'SET DEFAULT ROLE $s_role FOR $u',
    ],
    config: SCHEMAS,
    then: [['SET DEFAULT ROLE NONE FOR $u']],
    marked: [],
    state: 'partialSuccess',
    says: 'held back',
  },
  {
    name: 'no table after a right on it alone is lost',
    rights: ['SELECT ON $s.a', 'SELECT ON $s.b', 'SELECT, SHOW VIEW ON $t.*', 'SELECT ON mysql.proc'],
    then: [['REVOKE SELECT ON $s.a FROM $u']],
    repeat: 2,
    marked: [],
    state: 'partialSuccess',
    says: 'GRANT SELECT ON',
  },
  {
    name: 'no table after a right on one of its columns is lost',
    rights: ['SELECT (id) ON $s.a', 'SELECT ON $s.b', 'SELECT, SHOW VIEW ON $t.*', 'SELECT ON mysql.proc'],
    then: [['REVOKE SELECT (id) ON $s.a FROM $u']],
    marked: [],
    state: 'partialSuccess',
    says: 'GRANT SELECT ON',
  },
  {
    name: 'no table after a narrower GRANT hides the right on a pattern of schemas',
    rights: ['SELECT, SHOW VIEW ON `$s%`.*', 'SELECT ON mysql.proc'],
    then: [['GRANT EXECUTE ON $t.* TO $u']],
    repeat: 2,
    marked: [],
    state: 'partialSuccess',
    says: 'GRANT SELECT ON',
  },
  {
    name: 'no table of a user who sees less than the one before',
    rights: NARROW,
    more: ["CREATE USER $uo IDENTIFIED BY 'pass'", 'GRANT EXECUTE ON $s.* TO $uo', 'GRANT SELECT ON $t.* TO $uo'],
    then: [['DROP TABLE $t.e']],
    laterConnection: { username: '$uo' },
    marked: ['t.e'],
    state: 'partialSuccess',
    says: 'GRANT SELECT ON',
  },
  {
    name: 'nothing when rights are lost and come back and nothing was dropped',
    rights: WITH_EXECUTE,
    then: [['REVOKE SELECT, SHOW VIEW ON $s.* FROM $u'], ['GRANT SELECT, SHOW VIEW ON $s.* TO $u']],
    marked: [],
  },
  {
    name: 'nothing after SHOW VIEW is lost',
    rights: NARROW,
    then: [['REVOKE SHOW VIEW ON $s.* FROM $u']],
    marked: [],
    state: 'partialSuccess',
    says: 'SHOW VIEW: not granted',
  },
  {
    name: 'nothing when a right is lost between the listing and the deletions',
    rights: WITH_EXECUTE,
    then: [['DROP TABLE $s.a']],
    during: ['REVOKE SELECT, SHOW VIEW ON $s.* FROM $u'],
    marked: [],
    state: 'partialSuccess',
    says: 'What the user may see changed',
  },
  {
    name: 'no table that comes back between the listing and the deletions',
    then: [['DROP TABLE $s.a']],
    during: ['CREATE TABLE $s.a (id INT)'],
    marked: [],
  },

  {
    name: 'no table that another run publishes meanwhile',
    then: [['DROP TABLE $s.a']],
    during: ['CREATE TABLE $s.new (id INT)', 'CREATE PROCEDURE $s.fresh() SELECT 1'],
    anotherRun: true,
    marked: ['s.a'],
    live: ['s.new', 's.fresh'],
  },

  // Flags, filters, labels.
  {
    name: 'no table without its flag',
    config: { markDeletedTables: false },
    then: [['DROP TABLE $s.a', 'DROP PROCEDURE $s.p']],
    marked: ['s.p'],
  },
  {
    name: 'no procedure without its flag',
    config: { markDeletedStoredProcedures: false },
    then: [['DROP TABLE $s.a', 'DROP PROCEDURE $s.p']],
    marked: ['s.a'],
  },
  { name: 'no schema without its flag', then: [['DROP DATABASE $t']], marked: [] },
  {
    name: 'no table that a pattern leaves out',
    then: [['DROP TABLE $s.b']],
    laterConfig: { tableFilterPattern: { excludes: ['^a$'] } },
    marked: ['s.b'],
  },
  {
    name: 'no table that a pattern does not take in',
    then: [[]],
    laterConfig: { tableFilterPattern: { includes: ['^a$'] } },
    marked: [],
  },
  {
    name: 'no procedure that a pattern leaves out',
    then: [[]],
    laterConfig: { storedProcedureFilterPattern: { excludes: ['.*'] } },
    marked: [],
  },
  {
    name: 'no schema that a pattern leaves out',
    then: [['DROP TABLE $t.e']],
    config: ALL,
    laterConfig: { schemaFilterPattern: { includes: ['^$s$'] } },
    marked: [],
  },
  {
    name: 'no view with includeViews: false',
    more: ['CREATE VIEW $s.w AS SELECT id FROM $s.a'],
    then: [['DROP TABLE $s.b']],
    laterConfig: { includeViews: false },
    marked: ['s.b'],
  },
  { name: 'no table with includeTables: false', then: [[]], laterConfig: { includeTables: false }, marked: [] },
  {
    name: 'no procedure with includeStoredProcedures: false',
    then: [[]],
    laterConfig: { includeStoredProcedures: false },
    marked: [],
  },
  {
    name: 'no database of another label',
    config: ALL,
    then: [[]],
    laterConnection: { databaseName: 'other' },
    marked: [],
  },
  {
    name: 'no database of another label, however much may go',
    config: ALL,
    maxDeletedPercent: 100,
    then: [[]],
    laterConnection: { databaseName: 'other' },
    repeat: 2,
    marked: [],
  },
  {
    name: 'what is gone after a run under another label that saw less',
    meanwhile: {
      connection: { databaseName: 'other' },
      config: { schemaFilterPattern: { includes: ['^$t$'] }, tableFilterPattern: { includes: ['^e$'] } },
    },
    config: ALL,
    then: [dropTables('$s.a', '$s.b', '$s.c')],
    marked: ['s.a', 's.b', 's.c'],
  },
  {
    name: 'no schema beside the one of databaseSchema',
    config: ALL,
    then: [['DROP TABLE $s.a']],
    laterConnection: { databaseSchema: '$s' },
    marked: ['s.a'],
  },
  {
    name: 'nothing of a listing that an init command would cut',
    then: [[]],
    laterConnection: { connectionArguments: { init_command: 'SET sql_select_limit=2' } },
    marked: [],
  },

  // The share.
  {
    name: 'nothing of a source that shows nothing at all',
    then: [[...EMPTY_S, ...EMPTY_T]],
    repeat: 2,
    marked: [],
    state: 'partialSuccess',
    says: 'shows no table and no procedure at all',
  },
  {
    name: 'nothing of a source without any schema of before',
    config: ALL,
    then: [['DROP DATABASE $s', 'DROP DATABASE $t', 'CREATE DATABASE $so', 'GRANT SELECT ON $so.* TO $u']],
    marked: [],
    state: 'partialSuccess',
    says: 'shows no table and no procedure at all',
  },
  {
    name: 'everything of an emptied source when the recipe allows it',
    maxDeletedPercent: 100,
    then: [[...EMPTY_S, ...EMPTY_T]],
    marked: ['s.a', 's.b', 's.c', 's.d', 's.p', 's.q', 't.e', 't.f', 't.g', 't.r'],
  },
  {
    name: 'six of thirteen, which is less than half',
    then: [EMPTY_S],
    marked: ['s.a', 's.b', 's.c', 's.d', 's.p', 's.q'],
  },
  {
    name: 'a fifth where it is half or more, and no more in the nights after',
    pipeline: true,
    then: [[...EMPTY_T, ...dropTables('$s.a', '$s.b', '$s.c')]],
    repeat: 4,
    marked: ['s.a', 's.b'],
    state: 'partialSuccess',
    says: 'maxDeletedPercent to 54 for one run',
  },
  {
    name: 'nothing where it is half or more and no run remembers the ones before, in the nights after neither',
    pipeline: false,
    then: [[...EMPTY_T, ...dropTables('$s.a', '$s.b', '$s.c')]],
    repeat: 2,
    marked: [],
    state: 'partialSuccess',
    says: 'set ingestionPipelineFQN',
  },
  {
    name: 'half or more once the recipe allows as much as the run said',
    then: [[...EMPTY_T, ...dropTables('$s.a', '$s.b', '$s.c')]],
    maxDeletedPercent: 54,
    marked: ['s.a', 's.b', 's.c', 't.e', 't.f', 't.g', 't.r'],
  },
  {
    name: 'nothing with maxDeletedPercent: 0',
    maxDeletedPercent: 0,
    then: [['DROP TABLE $s.a']],
    marked: [],
    state: 'partialSuccess',
    says: 'held back: 1',
  },
  {
    name: 'as many as maxDeletedPercent says, exactly',
    pipeline: true,
    maxDeletedPercent: 31,
    then: [EMPTY_S],
    marked: ['s.a', 's.b', 's.c', 's.d'],
    state: 'partialSuccess',
    says: 'held back: 2',
  },
  {
    name: 'none of more than maxDeletedPercent says where no run remembers the ones before',
    pipeline: false,
    maxDeletedPercent: 31,
    then: [EMPTY_S],
    repeat: 2,
    marked: [],
    state: 'partialSuccess',
    says: 'maxDeletedPercent to 47 for one run',
  },
  {
    name: 'no schema that holds more than may go',
    config: SCHEMAS,
    maxDeletedPercent: 20,
    then: [['DROP DATABASE $t']],
    repeat: 3,
    marked: [],
    state: 'partialSuccess',
    says: 'held back: 5',
  },
  {
    name: 'a schema that holds as many as may go',
    config: SCHEMAS,
    maxDeletedPercent: 40,
    then: [['DROP DATABASE $t']],
    marked: ALL_OF_T,
  },
];
