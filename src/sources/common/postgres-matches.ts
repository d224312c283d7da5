import type { MeasuredColumn } from '../measured-column.js';
import { quoteLiteral } from './quoted-name.js';

/**
 * A column matched with a pattern: without case where its type is citext, as that has it for `~` wherever its operators
 * are.
 */
export function postgresMatches(
  column: string,
  pattern: string,
  { ignoresCase, dataType, display = dataType }: { readonly ignoresCase: boolean } & Omit<MeasuredColumn, 'name'>
): string {
  const matched = (operator: '~' | '~*'): string => `${column}::text ${operator} ${quoteLiteral(pattern)}`;
  if (ignoresCase) return matched('~*');
  if (dataType !== 'TEXT' || /^text$/i.test(display)) return matched('~');
  return `CASE WHEN ${isCitext(column)} THEN ${matched('~*')} ELSE ${matched('~')} END`;
}

/** Of a domain the catalogue has the name alone; beside NULL the server takes it for what it is over, unread. */
function isCitext(column: string): string {
  return `pg_catalog.pg_typeof(CASE WHEN false THEN ${column} ELSE NULL END)::text ~ '(^|\\.)citext$'`;
}
