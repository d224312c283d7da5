/** What runs SQL that it is given in a string: the one place that knows these words. */

/** A procedure that runs what it is handed. */
export interface Runner {
  /** Which of its arguments is the SQL, from 0. */
  readonly at: number;
  /** What the parameters are called that have it. */
  readonly named: readonly string[];
  /** Its `?` is each table, or each database. */
  readonly each?: 'table' | 'database';
  /** The parameter that says in which database it runs; else the procedure's own name does. */
  readonly database?: string;
}

/** SQL Server's procedures that drivers call with SQL, with which of their arguments has it, from 0. */
const PROCEDURES: ReadonlyMap<string, number> = new Map([
  ['sp_executesql', 0],
  ['sp_cursoropen', 1],
  ['sp_prepare', 2],
  ['sp_prepexec', 2],
  ['sp_cursorprepare', 2],
  ['sp_cursorprepexec', 3],
]);

const COMMANDS = ['command1', 'command2', 'command3', 'precommand', 'postcommand'];

/** Others, by the end of their names. */
const RUNNERS: ReadonlyMap<string, Runner> = new Map<string, Runner>([
  ['sp_send_dbmail', { at: 12, named: ['query'], database: 'execute_query_database' }],
  ['sp_execute_external_script', { at: 2, named: ['input_data_1'] }],
  ['sp_msforeachtable', { at: 0, named: COMMANDS, each: 'table' }],
  ['sp_msforeachdb', { at: 0, named: COMMANDS, each: 'database' }],
  ['sp_foreachdb', { at: 0, named: ['command'], each: 'database' }],
  ['dbms_sql.parse', { at: 1, named: ['statement'] }],
  ['dbms_utility.exec_ddl_statement', { at: 0, named: ['parse_string'] }],
  // Teradata's and MySQL's
  ['dbc.sysexecsql', { at: 0, named: [] }],
  ['sys.execute_prepared_stmt', { at: 0, named: [] }],
]);

/** Of statements, functions and bodies that take SQL in a string, or in a variable that has one. */
const OTHERS: ReadonlySet<string> = new Set([
  ...'exec execute immediate prepare open unload do procedure crosstab crosstab2 crosstab3 crosstab4'.split(' '),
  ...[...RUNNERS.keys()].flatMap((name) => name.split('.').slice(-1)),
]);

/** Procedures by which drivers ask what SQL takes and gives: none of it runs. */
const DESCRIBING: ReadonlySet<string> = new Set([
  'sp_describe_first_result_set',
  'sp_describe_undeclared_parameters',
  'sp_describe_parameter_encryption',
]);

/** Which argument of a driver's procedure is SQL that it runs, from 0; `undefined` for all other procedures. */
export function runArgument(procedure: string): number | undefined {
  return PROCEDURES.get(procedure);
}

/** Of a procedure by the parts of its name; `undefined` for all that aren't known to run what they are handed. */
export function runnerCalled(parts: readonly string[]): Runner | undefined {
  const [schema, name = ''] = parts.length > 1 ? parts.slice(-2) : ['', ...parts];
  const at = PROCEDURES.get(name);
  if (at !== undefined) return { at, named: ['stmt', 'statement'] };
  return RUNNERS.get(name) ?? RUNNERS.get(`${schema ?? ''}.${name}`);
}

/** True for the words by which a text may run SQL that it has in a string. */
export function mayRunText(word: string): boolean {
  return OTHERS.has(word) || PROCEDURES.has(word);
}

/** True for a procedure that tells of the SQL that it is given, and runs none of it. */
export function onlyDescribes(procedure: string): boolean {
  return DESCRIBING.has(procedure);
}
