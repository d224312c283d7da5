import type { MeasuredColumn } from '../measured-column.js';
import { quoteIdentifier, quoteLiteral } from './quoted-name.js';
import type { ComparedColumn } from './sql-dialect.js';

/**
 * Whether a column's type is citext, as SQL; `always` and `never` where the type's own words tell: of a domain the
 * catalogue has the name alone. Beside NULL the server takes it for what it is over, unread.
 */
function caseless({ name, dataType, display = '' }: ComparedColumn): string {
  if (name === undefined || dataType !== 'TEXT' || /^text$/i.test(display)) return 'never';
  if (/^citext$/i.test(display)) return 'always';
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
export function postgresMatches(
  column: string,
  pattern: string,
  of: { readonly ignoresCase: boolean } & MeasuredColumn
): string {
  const operator = of.ignoresCase || caseless(of) === 'always' ? '~*' : '~';
  return `${column}::text ${operator} ${quoteLiteral(pattern)}`;
}
