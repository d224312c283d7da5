/**
 * A statement with parameters as the server's log has it with `log_statement: 'all'` and the default `log_line_prefix`.
 */
export interface LoggedStatement {
  readonly text: string;
  /** As SQL: `NULL`, `'it''s'`. */
  readonly parameters: readonly string[];
}

const ENTRY = /\n(?=[^\n]*?(?:LOG|DETAIL|ERROR|FATAL|STATEMENT|HINT|WARNING|CONTEXT): {2})/;
/** Further rows of one that runs already are `execute fetch from`. */
const EXECUTE = /^[^\n]*?LOG: {2}execute <unnamed>[^:\n]*: ([\s\S]*)/;
const PARAMETERS = /^[^\n]*?DETAIL: {2}parameters: (.*)/;
const PARAMETER = /\$\d+ = (NULL|'(?:[^']|'')*')/g;

/** Statements that the driver sent with the extended protocol, in the log's order. */
export function loggedStatements(log: string): LoggedStatement[] {
  const entries = log.split(ENTRY);
  return entries.flatMap((entry, at) => {
    const text = EXECUTE.exec(entry)?.[1];
    if (text === undefined) return [];
    const given = PARAMETERS.exec(entries[at + 1] ?? '')?.[1] ?? '';
    return [{ text, parameters: [...given.matchAll(PARAMETER)].map(([, value = 'NULL']) => value) }];
  });
}
