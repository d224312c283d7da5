/**
 * What is marked deleted after something happened to a Snowflake account. `$d` and `$e` are the case's databases, `$r`
 * is its role. The emulator shows everything to everybody and fills no account usage: what a role can't see any more is
 * taken away and stays in account usage (`hide`), what is dropped is noted there as well (`drop`). A stream has no view
 * of its own there: that somebody owns it is all that is kept, and goes with it for good (`gone`).
 */
export interface SnowflakeDeletionCase {
  readonly name: string;
  /** What happens before each further run. */
  readonly then: readonly (readonly string[])[];
  /** Further statements of the fixture. */
  readonly more?: readonly string[];
  /** Hours between the first run and the later ones; none. */
  readonly hoursLater?: number;
  /** Runs after the last of them; 1. */
  readonly repeat?: number;
  /** Of sourceConfig.config of all runs; of the later ones only. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Of serviceConnection.config of all runs. */
  readonly connection?: Readonly<Record<string, unknown>>;
  readonly laterConfig?: Readonly<Record<string, unknown>>;
  /** What later runs are refused, a regex on the SQL. */
  readonly refused?: string;
  /** With a pipeline, without one, or both (default). */
  readonly pipeline?: boolean;
  /** Marked deleted in the end, below the service. */
  readonly marked: readonly string[];
  /** Of the last run; `success` when absent. */
  readonly state?: 'partialSuccess';
  /** Stands in a reason or failure of the last run. */
  readonly says?: string;
}

const USAGE = 'SNOWFLAKE.ACCOUNT_USAGE';

/** The account usage views that the seed lacks, once for all cases. */
export const VIEWS = [
  `CREATE TABLE ${USAGE}.SCHEMATA (SCHEMA_NAME VARCHAR, CATALOG_NAME VARCHAR, DELETED TIMESTAMP_LTZ)`,
  `CREATE TABLE ${USAGE}.DATABASES (DATABASE_NAME VARCHAR, DELETED TIMESTAMP_LTZ)`,
  `CREATE TABLE ${USAGE}.STAGES (STAGE_NAME VARCHAR, STAGE_SCHEMA VARCHAR, STAGE_CATALOG VARCHAR, DELETED TIMESTAMP_LTZ)`,
  `CREATE TABLE ${USAGE}.SEMANTIC_VIEWS (SEMANTIC_VIEW_NAME VARCHAR, SEMANTIC_VIEW_SCHEMA_NAME VARCHAR, SEMANTIC_VIEW_DATABASE_NAME VARCHAR, DELETED TIMESTAMP_LTZ)`,
  `CREATE TABLE ${USAGE}.GRANTS_TO_ROLES (PRIVILEGE VARCHAR, GRANTED_ON VARCHAR, NAME VARCHAR, TABLE_CATALOG VARCHAR, TABLE_SCHEMA VARCHAR, DELETED_ON TIMESTAMP_LTZ)`,
];

const database = (name: string): string[] => [
  `CREATE DATABASE ${name}`,
  `INSERT INTO ${USAGE}.DATABASES (DATABASE_NAME) VALUES ('${name}')`,
  `GRANT USAGE ON DATABASE ${name} TO ROLE $r`,
];
const schema = (of: string, name: string): string[] => [
  `CREATE SCHEMA ${of}.${name}`,
  `INSERT INTO ${USAGE}.SCHEMATA (SCHEMA_NAME, CATALOG_NAME) VALUES ('${name}', '${of}')`,
  `GRANT USAGE ON SCHEMA ${of}.${name} TO ROLE $r`,
];
const table = (of: string, name: string): string[] => [
  `CREATE TABLE ${of}.${name} (ID NUMBER(38,0))`,
  `INSERT INTO ${USAGE}.TABLES (TABLE_NAME, TABLE_SCHEMA, TABLE_CATALOG) VALUES ('${name}', ${inPlace(of)})`,
  `GRANT REFERENCES ON TABLE ${of}.${name} TO ROLE $r`,
];
const procedure = (of: string, name: string): string[] => [
  `INSERT INTO ${USAGE}.PROCEDURES (PROCEDURE_NAME, PROCEDURE_SCHEMA, PROCEDURE_CATALOG, PROCEDURE_LANGUAGE, PROCEDURE_DEFINITION, ARGUMENT_SIGNATURE) VALUES ('${name}', ${inPlace(of)}, 'SQL', 'SELECT 1', '()')`,
];

const owned = (kind: string, of: string, name: string): string =>
  `INSERT INTO ${USAGE}.GRANTS_TO_ROLES (PRIVILEGE, GRANTED_ON, NAME, TABLE_SCHEMA, TABLE_CATALOG) VALUES ('OWNERSHIP', '${kind}', '${name}', ${inPlace(of)})`;
const stream = (of: string, name: string): string[] => [
  `CREATE STREAM ${of}.${name} ON TABLE $d.S.A`,
  owned('STREAM', of, name),
  `GRANT SELECT ON STREAM ${of}.${name} TO ROLE $r`,
];
const stage = (of: string, name: string): string[] => [
  `CREATE STAGE ${of}.${name}`,
  owned('STAGE', of, name),
  `INSERT INTO ${USAGE}.STAGES (STAGE_NAME, STAGE_SCHEMA, STAGE_CATALOG) VALUES ('${name}', ${inPlace(of)})`,
  `GRANT USAGE ON STAGE ${of}.${name} TO ROLE $r`,
];
const semanticView = (of: string, name: string): string[] => [
  `CREATE SEMANTIC VIEW ${of}.${name}`,
  owned('SEMANTIC VIEW', of, name),
  `INSERT INTO ${USAGE}.SEMANTIC_VIEWS (SEMANTIC_VIEW_NAME, SEMANTIC_VIEW_SCHEMA_NAME, SEMANTIC_VIEW_DATABASE_NAME) VALUES ('${name}', ${inPlace(of)})`,
  `GRANT SELECT ON SEMANTIC VIEW ${of}.${name} TO ROLE $r`,
];
const fn = (of: string, name: string): string[] => [
  `INSERT INTO ${USAGE}.FUNCTIONS (FUNCTION_NAME, FUNCTION_SCHEMA, FUNCTION_CATALOG, FUNCTION_LANGUAGE, FUNCTION_DEFINITION, ARGUMENT_SIGNATURE) VALUES ('${name}', ${inPlace(of)}, 'SQL', '1', '()')`,
  `GRANT USAGE ON FUNCTION ${of}.${name}() TO ROLE $r`,
];

/** Two of each kind beside the tables of a schema. */
const OTHERS = [
  ...['S1', 'S2'].flatMap((name) => stream('$d.S', name)),
  ...['G1', 'G2'].flatMap((name) => stage('$d.S', name)),
  ...['V1', 'V2'].flatMap((name) => semanticView('$d.S', name)),
];
const ALL_KINDS = { includeStreams: true, includeStages: true, includeSemanticViews: true };

export const FIXTURE = [
  ...database('$d'),
  ...schema('$d', 'S'),
  ...['A', 'B', 'C', 'D'].flatMap((name) => table('$d.S', name)),
  ...['P', 'Q'].flatMap((name) => procedure('$d.S', name)),
  ...schema('$d', 'T'),
  ...['E', 'F'].flatMap((name) => table('$d.T', name)),
  ...procedure('$d.T', 'R'),
  ...database('$e'),
  ...schema('$e', 'U'),
  ...['G', 'H'].flatMap((name) => table('$e.U', name)),
];

function inPlace(of: string): string {
  const [database = '', schema = ''] = of.split('.');
  return `'${schema}', '${database}'`;
}

const note = (view: string, where: string): string =>
  `UPDATE ${USAGE}.${view} SET DELETED = CURRENT_TIMESTAMP() WHERE ${where}`;
const WHERE = {
  TABLE: (of: string, name: string) =>
    `TABLE_CATALOG = '${of.split('.')[0] ?? ''}' AND TABLE_SCHEMA = '${of.split('.')[1] ?? ''}' AND TABLE_NAME = '${name}'`,
  FUNCTION: (of: string, name: string) =>
    `FUNCTION_CATALOG = '${of.split('.')[0] ?? ''}' AND FUNCTION_SCHEMA = '${of.split('.')[1] ?? ''}' AND FUNCTION_NAME = '${name}'`,
  STAGE: (of: string, name: string) =>
    `STAGE_CATALOG = '${of.split('.')[0] ?? ''}' AND STAGE_SCHEMA = '${of.split('.')[1] ?? ''}' AND STAGE_NAME = '${name}'`,
  SEMANTIC_VIEW: (of: string, name: string) =>
    `SEMANTIC_VIEW_DATABASE_NAME = '${of.split('.')[0] ?? ''}' AND SEMANTIC_VIEW_SCHEMA_NAME = '${of.split('.')[1] ?? ''}' AND SEMANTIC_VIEW_NAME = '${name}'`,
  OWNER: (of: string, name: string) =>
    `TABLE_CATALOG = '${of.split('.')[0] ?? ''}' AND TABLE_SCHEMA = '${of.split('.')[1] ?? ''}' AND NAME = '${name}'`,
  PROCEDURE: (of: string, name: string) =>
    `PROCEDURE_CATALOG = '${of.split('.')[0] ?? ''}' AND PROCEDURE_SCHEMA = '${of.split('.')[1] ?? ''}' AND PROCEDURE_NAME = '${name}'`,
};

/**
 * As a role meets it that has lost its right, and as it meets a drop that account usage does not know yet: the grant is
 * gone either way.
 */
const hide = {
  table: (of: string, name: string): string[] => [
    `DROP TABLE ${of}.${name}`,
    `REVOKE REFERENCES ON TABLE ${of}.${name} FROM ROLE $r`,
  ],
  schema: (of: string, name: string, tables: readonly string[]): string[] => [
    ...tables.flatMap((each) => hide.table(`${of}.${name}`, each)),
    `DROP SCHEMA ${of}.${name}`,
    `REVOKE USAGE ON SCHEMA ${of}.${name} FROM ROLE $r`,
  ],
  database: (name: string): string[] => [`DROP DATABASE ${name}`, `REVOKE USAGE ON DATABASE ${name} FROM ROLE $r`],
  stream: (of: string, name: string): string[] => [
    `DROP STREAM ${of}.${name}`,
    `REVOKE SELECT ON STREAM ${of}.${name} FROM ROLE $r`,
  ],
  stage: (of: string, name: string): string[] => [
    `DROP STAGE ${of}.${name}`,
    `REVOKE USAGE ON STAGE ${of}.${name} FROM ROLE $r`,
  ],
  semanticView: (of: string, name: string): string[] => [
    `DROP SEMANTIC VIEW ${of}.${name}`,
    `REVOKE SELECT ON SEMANTIC VIEW ${of}.${name} FROM ROLE $r`,
  ],
};
/** Account usage keeps no grants on what was dropped, or keeps them as taken back: either is seen. */
const ownerGone = (of: string, name: string): string =>
  `DELETE FROM ${USAGE}.GRANTS_TO_ROLES WHERE ${WHERE.OWNER(of, name)}`;
const ownerNoted = (of: string, name: string): string =>
  `UPDATE ${USAGE}.GRANTS_TO_ROLES SET DELETED_ON = CURRENT_TIMESTAMP() WHERE ${WHERE.OWNER(of, name)}`;
const noted = {
  table: (of: string, name: string): string[] => [note('TABLES', WHERE.TABLE(of, name))],
  schema: (of: string, name: string): string[] => [
    note('TABLES', `TABLE_CATALOG = '${of}' AND TABLE_SCHEMA = '${name}'`),
    note('PROCEDURES', `PROCEDURE_CATALOG = '${of}' AND PROCEDURE_SCHEMA = '${name}'`),
    note('SCHEMATA', `CATALOG_NAME = '${of}' AND SCHEMA_NAME = '${name}'`),
  ],
  database: (name: string): string[] => [
    note('TABLES', `TABLE_CATALOG = '${name}'`),
    note('PROCEDURES', `PROCEDURE_CATALOG = '${name}'`),
    note('SCHEMATA', `CATALOG_NAME = '${name}'`),
    note('DATABASES', `DATABASE_NAME = '${name}'`),
  ],
};
const drop = {
  table: (of: string, name: string): string[] => [...hide.table(of, name), ...noted.table(of, name)],
  procedure: (of: string, name: string): string[] => [note('PROCEDURES', WHERE.PROCEDURE(of, name))],
  fn: (of: string, name: string): string[] => [
    note('FUNCTIONS', WHERE.FUNCTION(of, name)),
    `REVOKE USAGE ON FUNCTION ${of}.${name}() FROM ROLE $r`,
  ],
  stream: (of: string, name: string): string[] => [...hide.stream(of, name), ownerNoted(of, name)],
  stage: (of: string, name: string): string[] => [
    ...hide.stage(of, name),
    ownerGone(of, name),
    note('STAGES', WHERE.STAGE(of, name)),
  ],
  semanticView: (of: string, name: string): string[] => [
    ...hide.semanticView(of, name),
    ownerGone(of, name),
    note('SEMANTIC_VIEWS', WHERE.SEMANTIC_VIEW(of, name)),
  ],
  schema: (of: string, name: string, tables: readonly string[]): string[] => [
    ...hide.schema(of, name, tables),
    ...noted.schema(of, name),
  ],
  database: (name: string): string[] => [...hide.database(name), ...noted.database(name)],
};
const SCHEMAS = { markDeletedSchemas: true };
const ALL = { markDeletedSchemas: true, markDeletedDatabases: true };

export const CASES: readonly SnowflakeDeletionCase[] = [
  // What is gone is marked.
  { name: 'a dropped table', then: [drop.table('$d.S', 'A')], marked: ['d.S.A'] },
  { name: 'a dropped procedure', then: [drop.procedure('$d.S', 'P')], marked: ['d.S.P'] },
  {
    name: 'a dropped schema',
    config: SCHEMAS,
    then: [drop.schema('$d', 'T', ['E', 'F'])],
    marked: ['d.T', 'd.T.E', 'd.T.F', 'd.T.R'],
  },
  {
    name: 'a dropped database',
    config: ALL,
    then: [drop.database('$e')],
    marked: ['e', 'e.INFORMATION_SCHEMA', 'e.U', 'e.U.G', 'e.U.H'],
  },
  {
    name: 'a database of which account usage learns later',
    config: ALL,
    then: [hide.database('$e'), noted.database('$e')],
    marked: ['e', 'e.INFORMATION_SCHEMA', 'e.U', 'e.U.G', 'e.U.H'],
  },
  {
    name: 'a table of which account usage learns later',
    then: [hide.table('$d.S', 'A'), noted.table('$d.S', 'A')],
    marked: ['d.S.A'],
  },
  {
    name: 'a table of which account usage does not know yet, when the role sees everything',
    then: [['GRANT ROLE ACCOUNTADMIN TO ROLE $r', ...hide.table('$d.S', 'A')]],
    marked: ['d.S.A'],
  },
  {
    name: 'a renamed table, when a run of the pipeline has seen it with the same rights',
    pipeline: true,
    then: [
      [
        'ALTER TABLE $d.S.A RENAME TO Z',
        `UPDATE ${USAGE}.TABLES SET TABLE_NAME = 'Z' WHERE ${WHERE.TABLE('$d.S', 'A')}`,
        'REVOKE REFERENCES ON TABLE $d.S.A FROM ROLE $r',
        'GRANT REFERENCES ON TABLE $d.S.Z TO ROLE $r',
      ],
    ],
    marked: ['d.S.A'],
  },

  // What is there is not.
  {
    name: 'no table made again',
    then: [['DROP TABLE $d.S.A', ...noted.table('$d.S', 'A'), ...table('$d.S', 'A')]],
    marked: [],
  },
  { name: 'no database without its flag', config: SCHEMAS, then: [drop.database('$e')], marked: [] },
  { name: 'no schema without its flag', then: [drop.schema('$d', 'T', ['E', 'F'])], marked: [] },
  {
    name: 'no table without its flag',
    config: { markDeletedTables: false },
    then: [[...drop.table('$d.S', 'A'), ...drop.procedure('$d.S', 'P')]],
    marked: ['d.S.P'],
  },
  {
    name: 'no table that a pattern leaves out',
    then: [drop.table('$d.S', 'B')],
    laterConfig: { tableFilterPattern: { excludes: ['^a$'] } },
    marked: ['d.S.B'],
  },
  {
    name: 'no database that a pattern leaves out',
    config: ALL,
    then: [drop.table('$d.S', 'B')],
    laterConfig: { databaseFilterPattern: { includes: ['^$d$'] } },
    marked: ['d.S.B'],
  },

  // Rights.
  {
    name: 'no table after a right on it is lost',
    then: [hide.table('$d.S', 'A')],
    marked: [],
    state: 'partialSuccess',
    says: 'has lost its right',
  },
  {
    name: 'no table after a right on it is lost, four nights long',
    then: [hide.table('$d.S', 'A')],
    repeat: 4,
    marked: [],
    state: 'partialSuccess',
    says: 'has lost its right',
  },
  {
    name: 'only what was dropped beside a lost right',
    then: [[...hide.table('$d.S', 'A'), ...drop.table('$d.S', 'B')]],
    marked: ['d.S.B'],
    state: 'partialSuccess',
    says: 'held back: A',
  },
  {
    name: 'no table after the rights on all tables of a schema are lost',
    then: [[...hide.table('$d.T', 'E'), ...hide.table('$d.T', 'F')]],
    repeat: 2,
    marked: [],
    state: 'partialSuccess',
    says: 'has lost its right',
  },
  {
    name: 'no schema after the right on it is lost',
    config: ALL,
    then: [hide.schema('$d', 'T', ['E', 'F'])],
    repeat: 2,
    marked: [],
    state: 'partialSuccess',
    says: 'has lost its right',
  },
  {
    name: 'no database after the right on it is lost',
    config: ALL,
    then: [hide.database('$e')],
    repeat: 2,
    marked: [],
    state: 'partialSuccess',
    says: 'has lost its right',
  },
  {
    name: 'only the dropped database beside a lost right on a table',
    config: ALL,
    then: [[...hide.table('$d.S', 'A'), ...drop.database('$e')]],
    marked: ['e', 'e.INFORMATION_SCHEMA', 'e.U', 'e.U.G', 'e.U.H'],
    state: 'partialSuccess',
    says: 'held back: A',
  },
  {
    name: 'no renamed table without a pipeline',
    pipeline: false,
    then: [
      [
        'ALTER TABLE $d.S.A RENAME TO Z',
        `UPDATE ${USAGE}.TABLES SET TABLE_NAME = 'Z' WHERE ${WHERE.TABLE('$d.S', 'A')}`,
      ],
    ],
    marked: [],
    state: 'partialSuccess',
    says: 'ingestionPipelineFQN',
  },

  // Rights on single objects that are no tables.
  {
    name: 'a dropped stream, stage and semantic view of two each',
    more: OTHERS,
    connection: ALL_KINDS,
    then: [[...drop.stream('$d.S', 'S1'), ...drop.stage('$d.S', 'G1'), ...drop.semanticView('$d.S', 'V1')]],
    marked: ['d.S.G1', 'd.S.S1', 'd.S.V1'],
  },
  {
    name: 'no stream, stage or semantic view after the right on one of two is lost, three nights long',
    more: OTHERS,
    connection: ALL_KINDS,
    hoursLater: 24,
    then: [[...hide.stream('$d.S', 'S1'), ...hide.stage('$d.S', 'G1'), ...hide.semanticView('$d.S', 'V1')]],
    repeat: 3,
    marked: [],
    state: 'partialSuccess',
    says: 'held back: G1, S1, V1',
  },
  {
    name: 'only what was dropped beside lost rights on others of its kind',
    more: OTHERS,
    connection: ALL_KINDS,
    hoursLater: 24,
    pipeline: true,
    then: [
      [
        ...hide.stream('$d.S', 'S1'),
        ...hide.stage('$d.S', 'G1'),
        ...hide.semanticView('$d.S', 'V1'),
        ...drop.stream('$d.S', 'S2'),
        ...drop.stage('$d.S', 'G2'),
        ...drop.semanticView('$d.S', 'V2'),
        ...drop.table('$d.S', 'B'),
      ],
    ],
    marked: ['d.S.B', 'd.S.G2', 'd.S.S2', 'd.S.V2'],
    state: 'partialSuccess',
    says: 'held back: G1, S1, V1',
  },
  {
    name: 'a dropped stream of which account usage keeps nothing, once it is known for longer than account usage lags',
    more: OTHERS,
    connection: ALL_KINDS,
    hoursLater: 4,
    pipeline: false,
    then: [[...hide.stream('$d.S', 'S1'), ownerGone('$d.S', 'S1')]],
    marked: ['d.S.S1'],
  },
  {
    name: 'no stream of which account usage knows nothing yet',
    more: OTHERS,
    connection: ALL_KINDS,
    hoursLater: 1,
    pipeline: true,
    then: [[...hide.stream('$d.S', 'S1'), ownerGone('$d.S', 'S1')]],
    marked: [],
    state: 'partialSuccess',
    says: 'a later run decides',
  },
  {
    name: 'the only stream of a schema that was dropped',
    more: stream('$d.T', 'S3'),
    connection: ALL_KINDS,
    pipeline: true,
    then: [drop.stream('$d.T', 'S3')],
    marked: ['d.T.S3'],
  },
  {
    name: 'no stream made under the name of a dropped table, after its right is lost',
    more: [...drop.table('$d.S', 'C'), ...stream('$d.S', 'C')],
    connection: ALL_KINDS,
    hoursLater: 24,
    pipeline: true,
    then: [hide.stream('$d.S', 'C')],
    marked: [],
    state: 'partialSuccess',
    says: 'held back: C',
  },
  {
    name: 'no stream when the owners of objects are refused, only what other views know as dropped',
    more: OTHERS,
    connection: ALL_KINDS,
    hoursLater: 24,
    pipeline: true,
    refused: 'GRANTS_TO_ROLES',
    then: [[...drop.stream('$d.S', 'S1'), ...drop.stage('$d.S', 'G1'), ...drop.table('$d.S', 'B')]],
    marked: ['d.S.B', 'd.S.G1'],
    state: 'partialSuccess',
    says: 'GRANT IMPORTED PRIVILEGES ON DATABASE SNOWFLAKE TO ROLE',
  },
  {
    name: 'a stream that account usage still has, when the role sees everything',
    more: OTHERS,
    connection: ALL_KINDS,
    pipeline: false,
    then: [['GRANT ROLE ACCOUNTADMIN TO ROLE $r', ...hide.stream('$d.S', 'S1')]],
    marked: ['d.S.S1'],
  },
  {
    name: 'a dropped function, and none whose right is lost',
    more: [...fn('$d.S', 'F1'), ...fn('$d.S', 'F2'), ...fn('$d.S', 'F3')],
    pipeline: true,
    then: [[...drop.fn('$d.S', 'F1'), 'REVOKE USAGE ON FUNCTION $d.S.F2() FROM ROLE $r']],
    marked: ['d.S.F1'],
  },
  {
    name: 'nothing of a stream that has the name of a table, which is a failure',
    more: stream('$d.S', 'B'),
    connection: ALL_KINDS,
    pipeline: false,
    then: [[]],
    marked: [],
    state: 'partialSuccess',
    says: 'A Stream has the name of another object of its schema',
  },

  // What is refused.
  {
    name: 'nothing when the listing of grants is refused',
    refused: 'SHOW GRANTS',
    then: [drop.table('$d.S', 'A')],
    marked: [],
    state: 'partialSuccess',
    says: "can't be listed",
  },
  {
    name: 'nothing when the listing of grants is refused and nothing is gone',
    refused: 'SHOW GRANTS',
    then: [[]],
    marked: [],
  },
  {
    name: 'no table when account usage is refused',
    config: { includeStoredProcedures: false, includeTags: false },
    refused: 'ACCOUNT_USAGE',
    then: [drop.table('$d.S', 'A')],
    repeat: 2,
    marked: [],
    state: 'partialSuccess',
    says: 'GRANT IMPORTED PRIVILEGES ON DATABASE SNOWFLAKE TO ROLE',
  },
  {
    name: 'no table whose right is lost while account usage is refused',
    config: { includeStoredProcedures: false, includeTags: false },
    refused: 'ACCOUNT_USAGE',
    then: [hide.table('$d.S', 'A')],
    repeat: 2,
    marked: [],
    state: 'partialSuccess',
    says: 'GRANT IMPORTED PRIVILEGES ON DATABASE SNOWFLAKE TO ROLE',
  },
  {
    name: 'no procedure when account usage is refused',
    config: { includeTags: false },
    refused: 'ACCOUNT_USAGE',
    then: [[]],
    repeat: 2,
    marked: [],
    state: 'partialSuccess',
    says: 'GRANT IMPORTED PRIVILEGES ON DATABASE SNOWFLAKE TO ROLE',
  },
];
