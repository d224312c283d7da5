import { beginning } from '../../contract/beginning.js';
import type { Statement } from '../statement-tree.js';
import { readBody, readProcedure } from './bodies.js';
import { readChanges } from './change-flows.js';
import type { Cursor } from './cursor.js';
import { skipLocalFunctions } from './local-functions.js';
import { readLobStatement } from './lob-statements.js';
import { isName } from './names.js';
import { readQuery } from './queries.js';
import { quiet, readArguments, skipStatement } from './quiet-statements.js';
import { takeRights } from './rights.js';
import { readStatement } from './statements.js';
import { readTransaction } from './transactions.js';

/** Words that start a statement through which no data flows; the rest of it is stepped over. */
const QUIET: ReadonlySet<string> = new Set(
  `show set describe desc explain analyze analyse refresh cache uncache add grant revoke commit rollback call truncate delete
   optimize vacuum msck lock unlock comment put get list ls remove rm kill flush reset prepare deallocate savepoint release undrop
   pragma attach detach install checkpoint print go raise leave iterate open fetch close signal resignal throw waitfor goto break
   continue do reorg clear start import abort exchange convert fsck compute invalidate xa handler purge cluster discard listen notify unlisten security repair restore
   reindex backup flashback declare dbcc raiserror reconfigure deny enable disable revert system summarize padb_fetch_sample help return drop delimiter check checksum binlog change collect stop shutdown clone alter warehouse unset save move reassign audit noaudit associate
   disassociate administer cancel restart exit quit send receive setuser`
    .trim()
    .split(/\s+/)
);

/** Words that start a block of statements when they come first. */
const BLOCKS: ReadonlySet<string> = new Set('begin declare if while loop for repeat case'.split(' '));

/** T-SQL's GO between batches, and EXPLAIN, which runs nothing of the statement behind it. */
function readOwnOfTsql(cursor: Cursor, word: string): Statement | undefined {
  if (cursor.dialect !== 'tsql' || (word !== 'go' && word !== 'explain')) return undefined;
  cursor.next();
  if (word === 'go') {
    if (cursor.peek().kind === 'number') cursor.next();
    return { kind: 'other', verb: word };
  }
  cursor.take('with_recommendations');
  const [outside, doubts] = [cursor.side.length, cursor.doubts.length];
  if (!cursor.done) cursor.deeper(() => readStatement(cursor));
  cursor.side.splice(outside);
  cursor.doubts.splice(doubts);
  return { kind: 'other', verb: word };
}

/** What the first word alone does not tell: a block, a call without CALL, or a statement that no data flows through. */
export function readOther(cursor: Cursor, word: string): Statement {
  if (takeRights(cursor)) {
    skipStatement(cursor);
    return { kind: 'other', verb: word };
  }
  const own = readOwnOfTsql(cursor, word) ?? readLobStatement(cursor);
  if (own !== undefined) return own;
  if (word === 'return' && cursor.dialect === 'tsql') return readArguments(cursor, word);
  if (BLOCKS.has(word) && startsBlock(cursor)) return readBody(cursor);
  if (word === 'begin' || word === 'end' || QUIET.has(word)) return readTransaction(cursor) ?? quiet(cursor);
  if (word === 'procedure' || word === 'package') {
    const body = readProcedure(cursor);
    return body.kind === 'body' ? { ...body, stored: true } : body;
  }
  if (word === 'apply' || word === 'auto') {
    const changes = readChanges(cursor);
    if (changes !== undefined) return changes;
  }
  if (cursor.sees('using', 'external', 'function') || cursor.sees('using', 'function')) {
    skipLocalFunctions(cursor);
    return cursor.deeper(() => readStatement(cursor)) ?? quiet(cursor);
  }
  // What is left of a versioned comment in front of a statement.
  if (cursor.traits.versionedComments && word.startsWith('sql_')) {
    cursor.next();
    return readStatement(cursor);
  }
  if (startsCall(cursor)) {
    quiet(cursor);
    return { kind: 'other', verb: 'exec' };
  }
  cursor.doubt(`unknown statement "${beginning(cursor.peek().text, 20)}"`);
  return quiet(cursor);
}

/** T-SQL's `dbo.log 'x'`: the procedure that a batch begins with needs no EXEC. */
function startsCall(cursor: Cursor): boolean {
  if (cursor.dialect !== 'tsql' || cursor.at > 0 || !isName(cursor.peek())) return false;
  return cursor.nesting > 0 || /^\.\.?$/.test(cursor.peek(1).word);
}

/** PostgreSQL's `DECLARE c CURSOR WITH HOLD FOR SELECT …`, T-SQL's `DECLARE @n int = (SELECT …)`. */
export function readDeclared(cursor: Cursor): Statement | undefined {
  if (cursor.dialect === 'tsql' && cursor.peek(1).kind === 'parameter') return readArguments(cursor, 'declare');
  // the block of a function declares its cursors, too
  if (!/^(postgres|redshift)$/.test(cursor.dialect) || cursor.inBody || cursor.nesting > 0) return undefined;
  for (let ahead = 2; OF_CURSOR.test(cursor.peek(ahead).word); ahead += 1) {
    if (cursor.peek(ahead).word !== 'for') continue;
    cursor.at += ahead + 1;
    return { kind: 'select', query: readQuery(cursor) };
  }
  return undefined;
}

/** `DECLARE c BINARY ASENSITIVE NO SCROLL CURSOR WITH HOLD FOR` */
const OF_CURSOR = /^(?:binary|asensitive|insensitive|no|scroll|cursor|with|without|hold|for)$/;

/** `BEGIN TRANSACTION` and T-SQL's `DECLARE @x` aren't blocks. */
export function startsBlock(cursor: Cursor): boolean {
  const next = cursor.peek(1);
  if (cursor.sees('begin'))
    return !/^(transaction|tran|work|;|immediate|deferred|exclusive|read|isolation|)$/.test(next.word);
  if (cursor.sees('declare')) return cursor.dialect !== 'tsql' && next.kind !== 'parameter';
  return true;
}
