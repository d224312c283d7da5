import type { MeasuredColumn } from '../measured-column.js';
import { quoteIdentifier, quoteLiteral } from './quoted-name.js';

type ComparedColumn = Pick<MeasuredColumn, 'dataType' | 'display'> & Partial<Pick<MeasuredColumn, 'name'>>;

/** A column's words for its type where the server was asked and the extension's citext is behind it. */
export const TOLD_CASELESS = 'citext, as the server told';

/**
 * Whether a column's type is citext, as SQL; `always` and `never` where it is known: of a domain the catalogue has the
 * name alone, which may be citext with a text behind it. Beside NULL the server takes it for what it is over, unread.
 */
function caseless({ name, dataType, display = '' }: ComparedColumn): string {
  if (name === undefined || dataType !== 'TEXT' || /^text$/i.test(display)) return 'never';
  if (display === TOLD_CASELESS) return 'always';
  return `pg_catalog.pg_typeof(CASE WHEN false THEN ${quoteIdentifier(name)} ELSE NULL END)::text ~ '(^|\\.)citext$'`;
}

/** What `MeasureDialect.caseless` says of a column. */
export function postgresCaseless(column: MeasuredColumn): string | undefined {
  const is = caseless(column);
  return is === 'never' ? undefined : is === 'always' ? 'true' : is;
}

/** What `ConditionSyntax.unsure` says of a column. */
export function postgresUnsure(column: MeasuredColumn): string | undefined {
  const is = caseless(column);
  return is === 'never' || is === 'always' ? undefined : is;
}

/**
 * A text that is compared with a column, or the column itself, as the column's type compares. By itself citext has case
 * wherever its operators are not found: the account may not use their schema, or has it not in its search_path.
 */
export function postgresFolded(text: string, column: ComparedColumn): string {
  const is = caseless(column);
  if (is === 'never') return text;
  // whatever collation the column has, as citext itself
  if (is === 'always') return `lower(${text}::text COLLATE pg_catalog."default")`;
  return `CASE WHEN ${is} THEN lower(${text}::text) ELSE ${text}::text END`;
}

/** A column matched with a pattern, without its case where the type has none. */
export function postgresMatches(column: string, pattern: string, of: MeasuredColumn): string {
  return `${column}::text ${caseless(of) === 'always' ? '~*' : '~'} ${quoteLiteral(pattern)}`;
}
