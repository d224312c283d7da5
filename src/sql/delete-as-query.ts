import { changeStatements, type ChangeStatement, type TextChanges } from './change-statements.js';
import { deleteHead } from './delete-head.js';
import { dialectTraits, type Dialect } from './dialect.js';
import type { Token } from './reader/token.js';

/** Texts within texts that are looked into. */
const MOST_NESTED = 3;

/**
 * The SQL with a query of the rows in place of each DELETE, which reads and joins what the DELETE reads and joins;
 * undefined without a DELETE. Lineage has no word for a DELETE: no data flows.
 */
export function deleteAsQuery(sql: string, dialect: Dialect, nested = 0): string | undefined {
  const changes = changeStatements(sql, dialect);
  const inner = nested < MOST_NESTED ? inTexts(sql, changes, dialect, nested + 1) : undefined;
  if (inner === undefined) return outsideTexts(sql, changes, dialect);
  return outsideTexts(inner, changeStatements(inner, dialect), dialect) ?? inner;
}

/** The same of the strings that the SQL runs. */
function inTexts(sql: string, { texts }: TextChanges, dialect: Dialect, nested: number): string | undefined {
  const parts: string[] = [];
  let at = 0;
  for (const { token, text, with: rewritten } of texts) {
    const query = deleteAsQuery(text, dialect, nested);
    if (query === undefined) continue;
    parts.push(sql.slice(at, token.start), rewritten(query));
    at = token.end;
  }
  return parts.length === 0 ? undefined : `${parts.join('')}${sql.slice(at)}`;
}

function outsideTexts(sql: string, { statements }: TextChanges, dialect: Dialect): string | undefined {
  const deletes = statements.filter(
    // T-SQL's `FROM (DELETE … OUTPUT …)` is a relation as it stands, `DELETE … OUTPUT … INTO` a statement that writes.
    ({ verb, isNested, tokens }) => verb === 'delete' && !(dialect === 'tsql' && (isNested || keepsRows(tokens)))
  );
  const parts: string[] = [];
  let at = 0;
  for (const statement of deletes) {
    const returning = statement.tokens[outside(statement.tokens, 'returning')];
    const items = shownItems(statement, sql) ?? '1';
    const query = queryOf(statement, sql, dialect, items);
    if (query === undefined || (statement.tokens[0]?.start ?? 0) < at) continue;
    parts.push(sql.slice(at, statement.tokens[0]?.start), query.text);
    at = query.end;
    if (returning === undefined) continue;
    parts.push(sql.slice(at, Math.max(at, returning.start)));
    at = statement.tokens.at(-1)?.end ?? at;
  }
  return parts.length === 0 ? undefined : `${parts.join('')}${sql.slice(at)}`.trim();
}

/** What RETURNING shows: what the rest of the SQL sees of a DELETE in a CTE, and subqueries read their tables. */
function shownItems({ tokens, isNested }: ChangeStatement, sql: string): string | undefined {
  const at = outside(tokens, 'returning');
  const shown = at < 0 ? [] : tokens.slice(at + 1);
  const [first] = shown;
  if (first === undefined || !(isNested || shown.some(({ word }) => word === 'select'))) return undefined;
  const into = outside(shown, 'into');
  return sql.slice(first.start, (into > 0 ? shown[into - 1] : shown.at(-1))?.end).trim();
}

/** `DELETE … OUTPUT deleted.id INTO log` */
function keepsRows(tokens: readonly Token[]): boolean {
  const output = outside(tokens, 'output');
  return output > 0 && outside(tokens.slice(output), 'into') > 0;
}

/** The SELECT up to the WHERE, and where in the SQL what follows it starts. */
function queryOf(
  statement: ChangeStatement,
  sql: string,
  dialect: Dialect,
  items: string
): { text: string; end: number } | undefined {
  const { ctes, tokens, first, from } = deleteHead(statement, dialect);
  const returning = outside(tokens, 'returning');
  const all = tokens.slice(from < 0 ? first : from + 1, returning < 0 ? undefined : returning);
  const using = usingOf(all);
  const isWhole = using >= 0 && isMysqlUsing(tokens[first], all.slice(using + 1), dialect);
  const shown = isWhole ? all.slice(using + 1) : all;
  const last = shown.at(-1);
  if (last === undefined) return undefined;
  const parts = shown.map(({ start, end }, index) => {
    if (index === using && !isWhole) return ', ';
    // An OUTPUT that stood there is left out, and so are comments.
    const gap = sql.slice(shown[index - 1]?.end ?? start, start);
    return `${gap.trim() === '' ? gap : ' '}${sql.slice(start, end)}`;
  });
  const withs = ctes.length === 0 ? '' : `${sql.slice(ctes[0]?.start, ctes.at(-1)?.end)} `;
  return { text: `${withs}SELECT ${items} FROM ${parts.join('')}`, end: last.end };
}

/** The place of a DELETE's USING, which has tables; that of a join has columns. */
function usingOf(tokens: readonly Token[]): number {
  const [using, join] = [outside(tokens, 'using'), outside(tokens, 'join')];
  return join >= 0 && join < using ? -1 : using;
}

/** The place of a word outside brackets; -1 without one. */
function outside(tokens: readonly Token[], wanted: string): number {
  let depth = 0;
  return tokens.findIndex(({ word }) => {
    if (word === '(') depth += 1;
    if (word === ')') depth -= 1;
    return depth === 0 && word === wanted;
  });
}

/** MySQL's USING has all that is read, what is deleted from too: `DELETE FROM o USING orders AS o JOIN …`. */
function isMysqlUsing(target: Token | undefined, relations: readonly Token[], dialect: Dialect): boolean {
  const name = target?.text.toLowerCase();
  return dialectTraits(dialect).versionedComments && relations.some(({ text }) => text.toLowerCase() === name);
}
