import type { Statement } from '../statement-tree.js';
import { endOf, startsUse } from './clauses.js';
import { isBehindHandler, startsRareStatement } from './block-statements.js';
import type { Cursor } from './cursor.js';
import { HARD_STATEMENT_WORDS, STATEMENT_WORDS } from './keywords.js';
import { readExpressionQueries } from './expression-queries.js';
import { isBehindLabel } from './labels.js';
import { startsQuery } from './queries.js';
import { isName } from './names.js';
import { takeRights } from './rights.js';
import { isOptions, takeExecuteAs } from './routine-options.js';
import { readStatement } from './statements.js';
import { endOfBlock, endOfDeclared, endOfOne } from './stored-end.js';
import { calledSql } from './dynamic/handed-sql.js';
import { endOfBatch } from './dynamic/batches.js';
import { dynamicSql, openedSql, preparedSql } from './dynamic/dynamic-sql.js';
import { statementsInText } from './dynamic/sub-texts.js';
import { takeWays } from './parted-uses.js';
import { readPathOption, readSetSchema } from './uses.js';

/** Statements of a body that lineage reads; control flow between them is stepped over. */
const READ: ReadonlySet<string> = new Set(
  `insert update merge replace create with select truncate delete drop alter copy unload rename perform
   use reset commit rollback`
    .trim()
    .split(/\s+/)
);

/** Tokens that can come right before a statement. */
const BEFORE: ReadonlySet<string> = new Set(
  '; begin then else loop do as is repeat go for in ( := = return query block label $$ perform on off nocount atomic'.split(
    ' '
  )
);

const CALLED_LANGUAGES: ReadonlySet<string> = new Set(
  'python javascript java scala js r plpythonu plpython3u plperl plperlu pltcl pltclu plv8 c internal'.split(' ')
);

/** Reads `PROCEDURE p(…) … AS|BEGIN …` up to the end. PostgreSQL has options in front of the body and behind it. */
export function readProcedure(cursor: Cursor): Statement {
  let option: Statement | undefined;
  const readOption = (): void => {
    option ??= readPathOption(cursor);
  };
  const body = readDefinition(cursor, readOption);
  if (option === undefined || body.kind !== 'body') return body;
  return { ...body, statements: [option, ...body.statements] };
}

function readDefinition(cursor: Cursor, readOption: () => void): Statement {
  let isForeign = false;
  let hasReturns = false;
  cursor.next();
  const end = endOfBatch(cursor, cursor.at);
  while (!cursor.done && cursor.at < end) {
    if (takeExecuteAs(cursor)) continue;
    const token = cursor.peek();
    if (token.word === 'language') isForeign = isCalled(cursor.peek(1).text);
    if (token.word === 'begin' || token.word === 'declare') return readBody(cursor);
    if (/^(as|is)$/.test(token.word)) {
      // T-SQL's `AS ;WITH c AS (…) …`
      const ahead = cursor.dialect === 'tsql' ? wordAhead(cursor) : 1;
      const body = cursor.peek(ahead);
      if (body.kind === 'string') {
        cursor.at += 2;
        const statements = isForeign || hasForeignLanguage(cursor) ? [] : statementsInText(cursor, body);
        for (; !cursor.done && !cursor.sees(';'); cursor.next()) readOption();
        return { kind: 'body', statements };
      }
      const isQuery = cursor.dialect === 'tsql' && body.word === '(' && startsQuery(cursor, cursor.at + ahead);
      if (isQuery || (body.kind === 'word' && !/^(caller|owner)$/.test(body.word))) {
        cursor.at += ahead;
        return readBody(cursor);
      }
    }
    // of T-SQL's `RETURNS TABLE RETURN WITH c AS (…) SELECT …`, of MySQL and PostgreSQL, neither AS nor BEGIN; what
    // RETURN says alone is a type, in Oracle and in MariaDB's sql_mode ORACLE
    hasReturns ||= token.word === 'returns';
    const mayBeType = cursor.dialect === 'oracle' || (cursor.traits.versionedComments && !hasReturns);
    if (token.word === 'return' && !mayBeType) return readBody(cursor, cursor.at);
    // MySQL's body of one statement needs no BEGIN.
    if (/^(insert|replace|update|merge|select|with)$/.test(token.word) && !isOptions(cursor))
      return readBody(cursor, cursor.at);
    noteParameters(cursor);
    readOption();
    if (!cursor.skipGroup()) cursor.next();
  }
  return { kind: 'body', statements: [] };
}

function wordAhead(cursor: Cursor): number {
  let ahead = 1;
  while (cursor.peek(ahead).word === ';') ahead += 1;
  return ahead;
}

/** PostgreSQL's may stand between quotes. */
function isCalled(language: string): boolean {
  return CALLED_LANGUAGES.has(language.replaceAll(/['"]/g, '').toLowerCase());
}

/** PostgreSQL names the language after the body. */
function hasForeignLanguage(cursor: Cursor): boolean {
  for (let ahead = 0; ; ahead += 1) {
    const { kind, word } = cursor.peek(ahead);
    if (kind === 'end' || word === ';') return false;
    if (cursor.peek(ahead).word === 'language') return isCalled(cursor.peek(ahead + 1).text);
  }
  return false;
}

/** Reads the statements of a block, from the cursor to its END where that is certain, else to the end. */
export function readBody(cursor: Cursor, first = -1): Statement {
  const statements: Statement[] = [];
  const end = endOfBody(cursor, first);
  noteVariables(cursor);
  const wasInBody = cursor.inBody;
  cursor.inBody = true;
  cursor.deeper(() => {
    while (!cursor.done && cursor.at < end) readStep(cursor, statements, first);
  });
  cursor.inBody = wasInBody;
  // A label, or a delimiter that isn't told.
  while (!cursor.done && !cursor.sees(';') && !cursor.seesAny(STATEMENT_WORDS)) cursor.next();
  return { kind: 'body', statements };
}

function endOfBody(cursor: Cursor, first: number): number {
  const { tokens } = cursor;
  if (/^(?:tsql|oracle)$/.test(cursor.dialect)) return endOfBatch(cursor, cursor.at);
  if (cursor.sees('begin')) return endOfBlock(tokens, cursor.at);
  if (cursor.dialect === 'snowflake' && cursor.sees('declare')) return endOfDeclared(tokens, cursor.at);
  if (!cursor.traits.versionedComments && cursor.dialect !== 'postgres') return tokens.length;
  return first < 0 ? tokens.length : endOfOne(tokens, first);
}

/** MySQL's `DECLARE a, b INT` and parameters: in its bodies such a name is never a column. */
function noteVariables(cursor: Cursor): void {
  if (!cursor.traits.versionedComments) return;
  for (let index = cursor.at; index < cursor.tokens.length; index += 1) {
    if (cursor.token(index).word !== 'declare') continue;
    do {
      index += 1;
      const following = cursor.token(index + 1).word;
      if (!NO_VARIABLE.has(following)) cursor.variables.add(cursor.token(index).text.toLowerCase());
      index += 1;
    } while (cursor.token(index).word === ',');
  }
}

/** `DECLARE c CURSOR FOR`, `DECLARE x CONDITION FOR`, `DECLARE CONTINUE HANDLER FOR`. */
const NO_VARIABLE: ReadonlySet<string> = new Set(['cursor', 'condition', 'handler']);

function noteParameters(cursor: Cursor): void {
  if (!cursor.traits.versionedComments || !cursor.sees('(')) return;
  const close = cursor.closeOf(cursor.at);
  for (let index = cursor.at + 1; index < close; index = endOf(cursor, index, { comma: true }) + 1) {
    const name = /^(in|out|inout)$/.test(cursor.token(index).word) ? index + 1 : index;
    cursor.variables.add(cursor.token(name).text.toLowerCase());
  }
}

/** Structs are read as columns: there the row of `FOR r IN (SELECT …) DO … END FOR`, `FOR r AS …` must not be one. */
function noteLoop(cursor: Cursor): void {
  if (!cursor.traits.structs) return;
  if (cursor.sees('do')) {
    const name = loopRowBefore(cursor, cursor.at);
    if (name !== undefined) cursor.loopRows.push(name);
  } else if (cursor.sees('end', 'for')) cursor.loopRows.pop();
}

/** What the FOR whose DO is at `at` calls its rows. */
function loopRowBefore(cursor: Cursor, at: number): string | undefined {
  for (let index = at - 1; index >= 0 && !/^(;|do)$/.test(cursor.token(index).word); index -= 1) {
    if (cursor.token(index).word !== 'for' || !/^(in|as)$/.test(cursor.token(index + 2).word)) continue;
    return isName(cursor.token(index + 1)) ? cursor.token(index + 1).text.toLowerCase() : undefined;
  }
  return undefined;
}

function readStep(cursor: Cursor, statements: Statement[], first: number): void {
  noteLoop(cursor);
  takeWays(cursor, statements);
  if (takeRights(cursor)) return;
  const outer = cursor.side.length;
  const asked = readExpressionQueries(cursor);
  if (asked.length > 0) statements.push(...cursor.side.splice(outer), ...asked);
  const token = cursor.peek();
  if (/^(execute|exec|prepare|open)$/.test(token.word)) {
    const dynamic = RUNS[token.word === 'open' || token.word === 'prepare' ? token.word : 'execute'](cursor);
    if (dynamic !== undefined) {
      statements.push(dynamic);
      return;
    }
  }
  if (MAY_RUN_HANDED.test(token.word) && !BEFORE_NAMES.test(cursor.peek(-1).word)) {
    const handed = calledSql(cursor);
    if (handed !== undefined) {
      statements.push(handed);
      return;
    }
  }
  const outside = cursor.side.length;
  const setting = token.word === 'set' && standsFirst(cursor) ? readSetSchema(cursor) : undefined;
  if (setting !== undefined) {
    statements.push(...cursor.side.splice(outside), setting);
    return;
  }
  const isStatement = READ.has(token.word) && (cursor.at === first || standsFirst(cursor));
  if (!isStatement && !startsRareStatement(cursor)) {
    cursor.next();
    return;
  }
  const from = cursor.at;
  const statement = readStatement(cursor);
  statements.push(...cursor.side.splice(outside));
  // A query in brackets (`FOR r IN (SELECT …)`) ends at its bracket, where control flow continues.
  if (statement.kind !== 'other') statements.push(statement);
  if (cursor.at === from) cursor.next();
}

/** What reads the SQL that a statement runs, by its first word. */
const RUNS = { open: openedSql, prepare: preparedSql, execute: dynamicSql };

/** What calls that run what they are handed begin with. */
const MAY_RUN_HANDED = /^(?:call|sys|dbms_sql|dbms_utility)$/;
const BEFORE_NAMES = /^[.]$|^call$/;

/** PL/SQL's `FORALL i IN 1 .. n SAVE EXCEPTIONS INSERT …` */
function isBehindForall(cursor: Cursor): boolean {
  for (let back = 1; back < MOST_BOUNDS && cursor.dialect === 'oracle'; back += 1) {
    const { word } = cursor.peek(-back);
    if (word === 'forall') return true;
    if (word === ';') return false;
  }
  return false;
}

/** Tokens of the bounds of a FORALL. */
const MOST_BOUNDS = 20;

/** T-SQL's `IF (@x = 1) SELECT …`, `done: SELECT …` */
function isBehind(cursor: Cursor, word: string): boolean {
  return cursor.traits.optionalSemicolon && cursor.peek(-1).word === word;
}

function standsFirst(cursor: Cursor): boolean {
  const { word } = cursor.peek();
  const before = cursor.peek(-1);
  const isBehindStart = BEFORE.has(before.word) || isBehindLabel(cursor, cursor.at);
  if (word === 'select' || word === 'with')
    return (
      startsQuery(cursor, cursor.at) &&
      (isBehindStart || before.kind !== 'punct' || isBehind(cursor, ')') || isBehind(cursor, ':'))
    );
  if (cursor.peek(1).word === '(' || cursor.peek(1).word === '.') return false;
  if (before.kind === 'end' || isBehindStart || startsUse(cursor)) return true;
  if (isBehindHandler(cursor)) return true;
  return HARD_STATEMENT_WORDS.has(word) && (cursor.traits.optionalSemicolon || isBehindForall(cursor));
}
