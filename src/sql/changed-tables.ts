import { changeStatements, isBareRestore, OBJECTS, type ChangeStatement } from './change-statements.js';
import { deleteHead } from './delete-head.js';
import { dialectTraits, namesAreExact, type Dialect } from './dialect.js';
import { storedName } from './name-identity.js';
import { FILE_FORMATS } from './reader/keywords.js';
import type { Token } from './reader/token.js';

/** Words that may come between the verb and a table. */
const FILLERS: ReadonlySet<string> = new Set([...OBJECTS, 'if', 'not', 'exists', 'only']);
/** What stands in front of a table in a list of relations. */
const BEFORE_TABLES: ReadonlySet<string> = new Set(['from', 'join', 'using', ',']);
/** Texts within texts that are looked into. */
const MOST_NESTED = 3;

/**
 * The tables that SQL changes without any data flowing from elsewhere: of its DELETE, TRUNCATE, ALTER TABLE,
 * DROP TABLE, UNDROP TABLE, RESTORE and FLASHBACK TABLE, wherever in a script or block these are. Lineage doesn't show
 * these.
 * Each name's parts are those of a `LineageTable`, each name once; without tables that the SQL itself makes.
 * @param exactNames as in `LineageOptions`
 */
export function changedTables(
  sql: string,
  dialect: Dialect,
  exactNames = false,
  nested = 0
): readonly (readonly string[])[] {
  const { statements, texts, made } = changeStatements(sql, dialect);
  const inner =
    nested < MOST_NESTED ? texts.flatMap(({ text }) => changedTables(text, dialect, exactNames, nested + 1)) : [];
  const isExact = namesAreExact(dialect, exactNames);
  const keyOf = (name: readonly string[]): string => (isExact ? name.join('.') : name.join('.').toLowerCase());
  const own = new Set(made.flatMap((tokens) => namesFrom(tokens, 0, dialect).slice(0, 1).map(keyOf)));
  const names = new Map<string, readonly string[]>();
  for (const name of [...statements.flatMap((each) => changedBy(each, dialect, isExact)), ...inner]) {
    if (isFile(name)) continue;
    const key = keyOf(name);
    const isTemporary = dialect === 'tsql' && key.startsWith('#');
    if (!own.has(key) && !isTemporary && !names.has(key)) names.set(key, name);
  }
  return [...names.values()];
}

/** Spark's `` delta.`/mnt/t` `` */
function isFile([format = '', path, ...more]: readonly string[]): boolean {
  return path?.includes('/') === true && more.length === 0 && FILE_FORMATS.has(format.toLowerCase());
}

function changedBy(statement: ChangeStatement, dialect: Dialect, isExact: boolean): string[][] {
  const { verb, tokens } = statement;
  if (verb === 'delete') {
    const { ctes, tokens: head, first } = deleteHead(statement, dialect);
    const names = namesFrom(head, first, dialect).map((name) => tableCalled(name, head, dialect, isExact));
    return names.map((name) => tableBehind(name, ctes, dialect));
  }
  if (verb !== 'truncate' && !OBJECTS.has(tokens[1]?.word ?? '') && !isBareRestore(tokens, 0)) return [];
  // Databricks' `UNDROP TABLE WITH ID '…'` doesn't say which.
  if (verb === 'undrop' && tokens[2]?.word === 'with' && tokens[3]?.word === 'id') return [];
  const names = namesFrom(tokens, 1, dialect);
  if (verb !== 'alter') return names;
  // PostgreSQL's `ALTER TABLE t ATTACH PARTITION p …` changes both.
  const partition = tokens.findIndex(
    ({ word }, index) => word === 'partition' && /^(attach|detach)$/.test(tokens[index - 1]?.word ?? '')
  );
  const parts = partition < 0 || dialect !== 'postgres' ? [] : namesFrom(tokens, partition + 1, dialect).slice(0, 1);
  return [...names.slice(0, 1), ...parts];
}

/** T-SQL deletes through a CTE: `WITH d AS (SELECT … FROM t) DELETE FROM d`. */
function tableBehind(name: string[], ctes: readonly Token[], dialect: Dialect): string[] {
  if (name.length !== 1 || ctes.length === 0) return name;
  const cte = ctes.findIndex(
    (token, index) =>
      isName(token) &&
      isCalled(token, name[0] ?? '', dialect, false) &&
      (index === 1 || ctes[index - 1]?.word === ',') &&
      /^(as|\()$/.test(ctes[index + 1]?.word ?? '')
  );
  const from = cte < 0 ? -1 : ctes.findIndex(({ word }, index) => index > cte && word === 'from');
  return from < 0 ? name : nameAt(ctes, from + 1, dialect);
}

function namesFrom(tokens: readonly Token[], first: number, dialect: Dialect): string[][] {
  const names: string[][] = [];
  let at = first;
  do {
    while (FILLERS.has(tokens[at]?.word ?? '')) at += 1;
    const name = nameAt(tokens, at, dialect);
    if (name.length === 0) return names;
    names.push(name);
    at = endOfName(tokens, at);
    // PostgreSQL's `TRUNCATE t *`, MySQL's `DELETE t.* FROM …`
    if (tokens[at]?.word === '.') at += 1;
    if (tokens[at]?.word === '*') at += 1;
    at += 1;
  } while (tokens[at - 1]?.word === ',');
  return names;
}

function nameAt(tokens: readonly Token[], start: number, dialect: Dialect): string[] {
  const name = tokens.slice(start, endOfName(tokens, start));
  // BigQuery's `my-project.set.t` and `` `my-project.set.t` ``
  if (dialect === 'bigquery')
    return name
      .map(({ text }) => text)
      .join('')
      .split('.');
  return name.flatMap((token) => {
    // Snowflake's `db..t` is in the database's PUBLIC; T-SQL's is in the user's own schema.
    if (token.word === '..') return [dialect === 'snowflake' ? 'PUBLIC' : ''];
    return isName(token) ? [stored(token, dialect)] : [];
  });
}

/** Behind the name that starts at `start`. */
function endOfName(tokens: readonly Token[], start: number): number {
  if (!isName(tokens[start])) return start;
  let at = start + 1;
  while ((isDots(tokens[at]) && isName(tokens[at + 1])) || isDash(tokens, at)) at += 2;
  return at;
}

/** The table that has this alias in what follows, else the name itself. */
function tableCalled(name: string[], tokens: readonly Token[], dialect: Dialect, isExact: boolean): string[] {
  const [alias = '', more] = name;
  if (more !== undefined) return name;
  for (const [index, token] of tokens.entries()) {
    if (!isName(token) || !isCalled(token, alias, dialect, isExact) || isDots(tokens[index + 1])) continue;
    let last = index - 1;
    if (tokens[last]?.word === 'as') last -= 1;
    let first = last;
    while (isDots(tokens[first - 1]) && isName(tokens[first - 2])) first -= 2;
    if (isName(tokens[last]) && BEFORE_TABLES.has(tokens[first - 1]?.word ?? '')) return nameAt(tokens, first, dialect);
  }
  return name;
}

function isCalled(token: Token, name: string, dialect: Dialect, isExact: boolean): boolean {
  const own = stored(token, dialect);
  return isExact ? own === name : own.toLowerCase() === name.toLowerCase();
}

function stored(token: Token, dialect: Dialect): string {
  return storedName({ text: token.text, quoted: token.kind === 'quoted' }, dialectTraits(dialect));
}

/** Of BigQuery's `my-project-1`: no other engine has a dash behind a table's name. */
function isDash(tokens: readonly Token[], at: number): boolean {
  const [before, dash, next] = [tokens[at - 1], tokens[at], tokens[at + 1]];
  return dash?.word === '-' && dash.start === before?.end && next?.start === dash.end;
}

function isDots(token: Token | undefined): boolean {
  return token?.word === '.' || token?.word === '..';
}

function isName(token: Token | undefined): boolean {
  return token?.kind === 'word' || token?.kind === 'quoted';
}
