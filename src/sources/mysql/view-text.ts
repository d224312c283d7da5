import type { FactOf } from './fact-queries.js';
import { quoteIdentifier } from './quoted-name.js';

/**
 * The CREATE VIEW statement of a view as SHOW CREATE VIEW prints it from outside the view's schema, composed from the
 * catalogue (no statement per view). MySQL's catalogue doesn't keep the algorithm, so there it is left out.
 * @returns undefined when the catalogue hides the SQL: the user lacks SHOW VIEW.
 */
export function createViewText(schema: string, view: FactOf<'view'>): string | undefined {
  if (view.body === null || view.body === '') return undefined;
  const algorithm = view.algorithm === null ? '' : `ALGORITHM=${view.algorithm} `;
  const name = `${quoteIdentifier(schema)}.${quoteIdentifier(view.tableName)}`;
  const check = view.name === 'NONE' ? '' : ` WITH ${view.name} CHECK OPTION`;
  return `CREATE ${algorithm}DEFINER=${definer(view.definer)} SQL SECURITY ${view.security} VIEW ${name} AS ${view.body}${check}`;
}

/** `user@host` in backquotes; the host is after the last `@`. A role has no host. */
function definer(account: string): string {
  const at = account.lastIndexOf('@');
  if (at < 0 || at === account.length - 1) return quoteIdentifier(account.replace(/@$/, ''));
  return `${quoteIdentifier(account.slice(0, at))}@${quoteIdentifier(account.slice(at + 1))}`;
}

/** The catalogue uses a character set without emoji and the like, and replaces each by four question marks. */
export function mayHaveLostCharacters(text: string): boolean {
  return text.includes('????');
}
