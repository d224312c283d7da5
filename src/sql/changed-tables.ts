import { deleteHead, type DeleteHead } from './delete-head.js';
import type { Dialect } from './dialect.js';
import { scanTokens } from './reader/lexer.js';
import { traitsOf } from './token-front-end.js';
import type { Token } from './reader/token.js';

/** Objects of ALTER and DROP that count; the words may also stand between another verb and its table. */
const OBJECTS: readonly string[] = 'table tables view views materialized dynamic external iceberg foreign'.split(' ');
const COUNTED: ReadonlySet<string> = new Set(OBJECTS);
/** Words that may come between the verb and a table. */
const FILLERS: ReadonlySet<string> = new Set([...OBJECTS, 'if', 'exists', 'only']);
/** How many tokens are looked at, by verb: DROP and TRUNCATE may name thousands of tables. */
const TOKENS_BY_VERB: ReadonlyMap<string, number> = new Map([
  ['alter', 40],
  ['drop', 10_000],
  ['truncate', 10_000],
]);
/** What stands in front of a table in a list of relations. */
const BEFORE_TABLES: ReadonlySet<string> = new Set(['from', 'join', 'using', ',']);

/**
 * The tables of a statement that changes some without any data flowing from elsewhere: DELETE, TRUNCATE, ALTER TABLE,
 * DROP TABLE. Lineage doesn't show these. Each name's parts as written, outermost first; none for other statements.
 */
export function changedTables(sql: string, dialect: Dialect): readonly (readonly string[])[] {
  const head = deleteHead(sql, dialect);
  if (head !== undefined) return deletedFrom(head);
  const tokens: Token[] = [];
  let most = 0;
  scanTokens(sql, traitsOf(sql, dialect), (token) => {
    if (tokens.length === 0) most = TOKENS_BY_VERB.get(token.word) ?? 0;
    tokens.push(token);
    return tokens.length < most && token.word !== ';';
  });
  const verb = most === 0 ? undefined : tokens[0]?.word;
  const isDefinition = verb === 'alter' || verb === 'drop';
  if (verb === undefined || (isDefinition && !COUNTED.has(tokens[1]?.word ?? ''))) return [];
  const names = namesFrom(tokens, 1);
  return verb === 'alter' ? names.slice(0, 1) : names;
}

function deletedFrom({ ctes, tokens, first }: DeleteHead): string[][] {
  return namesFrom(tokens, first).map((name) => tableBehind(tableCalled(name, tokens), ctes));
}

/** T-SQL deletes through a CTE: `WITH d AS (SELECT … FROM t) DELETE FROM d`. */
function tableBehind(name: string[], ctes: readonly Token[]): string[] {
  if (name.length !== 1 || ctes.length === 0) return name;
  const cte = ctes.findIndex(
    (token, index) =>
      isName(token) &&
      token.text.toLowerCase() === name[0]?.toLowerCase() &&
      (index === 1 || ctes[index - 1]?.word === ',') &&
      /^(as|\()$/.test(ctes[index + 1]?.word ?? '')
  );
  const from = cte < 0 ? -1 : ctes.findIndex(({ word }, index) => index > cte && word === 'from');
  return from < 0 ? name : nameAt(ctes, from + 1);
}

function namesFrom(tokens: readonly Token[], first: number): string[][] {
  const names: string[][] = [];
  let at = first;
  do {
    while (FILLERS.has(tokens[at]?.word ?? '')) at += 1;
    const name = nameAt(tokens, at);
    if (name.length === 0) return names;
    names.push(name);
    at += name.length * 2 - 1;
    // PostgreSQL's `TRUNCATE t *`, MySQL's `DELETE t.* FROM …`
    if (tokens[at]?.word === '.') at += 1;
    if (tokens[at]?.word === '*') at += 1;
    at += 1;
  } while (tokens[at - 1]?.word === ',');
  return names;
}

function nameAt(tokens: readonly Token[], start: number): string[] {
  const parts: string[] = [];
  for (let at = start; isName(tokens[at]); at += 2) {
    parts.push(tokens[at]?.text ?? '');
    if (tokens[at + 1]?.word !== '.') break;
  }
  return parts;
}

/** The table that has this alias in what follows, else the name itself. */
function tableCalled(name: string[], tokens: readonly Token[]): string[] {
  const [alias, more] = name.map((part) => part.toLowerCase());
  if (more !== undefined) return name;
  for (const [index, token] of tokens.entries()) {
    if (!isName(token) || token.text.toLowerCase() !== alias || tokens[index + 1]?.word === '.') continue;
    let last = index - 1;
    if (tokens[last]?.word === 'as') last -= 1;
    let first = last;
    while (tokens[first - 1]?.word === '.' && isName(tokens[first - 2])) first -= 2;
    if (isName(tokens[last]) && BEFORE_TABLES.has(tokens[first - 1]?.word ?? '')) return nameAt(tokens, first);
  }
  return name;
}

function isName(token: Token | undefined): boolean {
  return token?.kind === 'word' || token?.kind === 'quoted';
}
