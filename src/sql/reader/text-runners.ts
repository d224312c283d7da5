/** What runs SQL that it is given in a string: the one place that knows these words. */

/** SQL Server's procedures that drivers call with SQL, with which of their arguments has it, from 0. */
const PROCEDURES: ReadonlyMap<string, number> = new Map([
  ['sp_executesql', 0],
  ['sp_cursoropen', 1],
  ['sp_prepare', 2],
  ['sp_prepexec', 2],
  ['sp_cursorprepare', 2],
  ['sp_cursorprepexec', 3],
]);

/** Of statements, functions and bodies that take SQL in a string, or in a variable that has one. */
const OTHERS: ReadonlySet<string> = new Set(
  'exec execute immediate prepare open unload do procedure crosstab crosstab2 crosstab3 crosstab4'.split(' ')
);

/** Procedures by which drivers ask what SQL takes and gives: none of it runs. */
const DESCRIBING: ReadonlySet<string> = new Set([
  'sp_describe_first_result_set',
  'sp_describe_undeclared_parameters',
  'sp_describe_parameter_encryption',
]);

/** Which argument of a procedure is SQL that it runs, from 0; `undefined` for all other procedures. */
export function runArgument(procedure: string): number | undefined {
  return PROCEDURES.get(procedure);
}

/** True for what makes the string behind EXEC or EXECUTE SQL, whatever it begins with; a procedure may take any. */
export function isRunner(word: string): boolean {
  return word === 'immediate' || PROCEDURES.has(word);
}

/** True for the words by which a text may run SQL that it has in a string. */
export function mayRunText(word: string): boolean {
  return OTHERS.has(word) || PROCEDURES.has(word);
}

/** True for a procedure that tells of the SQL that it is given, and runs none of it. */
export function onlyDescribes(procedure: string): boolean {
  return DESCRIBING.has(procedure);
}
