/** Kinds of statements that are no use of a table; OpenMetadata leaves them out of usage. */
const LEFT_OUT = [
  ...['ROLLBACK', 'CREATE_USER', 'CREATE_ROLE', 'CREATE_NETWORK_POLICY', 'ALTER_ROLE', 'ALTER_NETWORK_POLICY'],
  ...['ALTER_ACCOUNT', 'DROP_SEQUENCE', 'DROP_USER', 'DROP_ROLE', 'DROP_NETWORK_POLICY', 'REVOKE', 'UNLOAD', 'USE'],
  ...['ALTER_SESSION', 'COPY', 'COMMIT', 'CREATE_TABLE', 'PUT_FILES', 'GET_FILES', 'CREATE_TABLE_AS_SELECT', 'SHOW'],
  'DESCRIBE',
];

/** Kinds of QUERY_HISTORY that don't count: besides, several statements sent at once, each of which has its own row. */
export const KINDS_LEFT_OUT: readonly string[] = [...LEFT_OUT, 'MULTI_STATEMENT'];

const BLANK = '[ \t\r\n]';
/** QUERY_HISTORY keeps no comment at a text's beginning; files of other tools may. */
const GAP = `(${BLANK}|(--|//)[^\n]*\n|/[*][^*]*([*]+[^*/][^*]*)*[*]+/)`;
/** `WITH p AS PROCEDURE () … CALL p()` */
const PROCEDURE = `with${GAP}+("[^"]*"|[^" \t\r\n(/-]+)${GAP}+as${GAP}+procedure`;
/**
 * Beginnings of texts whose statements have rows of their own in QUERY_HISTORY, as those of a procedure have: a block
 * of Snowflake Scripting and what runs one, comments in front and between the words too. In any case; nothing is
 * escaped, so that Snowflake reads it alike.
 */
export const BLOCK = `${GAP}*(execute${GAP}+immediate|begin|declare|${PROCEDURE})[^a-z0-9_$]`;

const KINDS = new Set(KINDS_LEFT_OUT);
const AT_BLOCK = new RegExp(`^${BLOCK}`, 'i');

/** Whether a statement counts where a row of QUERY_HISTORY was exported with its kind. */
export function countsAsUse(text: string, queryType: string): boolean {
  return !KINDS.has(queryType.toUpperCase()) && !AT_BLOCK.test(text);
}
