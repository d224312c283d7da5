import type { Cursor } from './cursor.js';
import { oncePerText } from './once-per-text.js';
import type { Token } from './token.js';

/** What T-SQL keeps for statements that can stand behind any other one without a `;`. */
const KEPT: ReadonlySet<string> = new Set(
  `backup begin break checkpoint close commit continue create alter dbcc deallocate declare delete deny drop exec
   execute fetch goto grant if insert kill merge open print raiserror readtext reconfigure restore return revert revoke
   rollback save select set setuser shutdown truncate update updatetext waitfor while writetext bulk`.split(/\s+/)
);

/** After these such a word is a name, or part of a clause or an option. */
const INSIDE = /^(?:[.,=(<>+]|as|then|or|and|not|select|distinct|by|where|from|join|into|table|after|of|instead)$/;

/** Rights that GRANT, REVOKE and DENY name. */
const RIGHTS = /^(?:grant|deny|revoke)$/;

/** The options of a session. */
const SETTINGS = new RegExp(
  `^(?:@.*|nocount|xact_abort|ansi_\\w+|arithabort|arithignore|concat_null_yields_null|context_info|cursor_close_on_commit|
   datefirst|dateformat|deadlock_priority|fips_flagger|fmtonly|forceplan|identity_insert|implicit_transactions|language|
   lock_timeout|noexec|numeric_roundabort|offsets|parseonly|query_governor_cost_limit|quoted_identifier|
   remote_proc_transactions|result_set_caching|rowcount|showplan_\\w+|statistics|textsize|transaction)$`.replace(
    /\s+/g,
    ''
  )
);

/**
 * True where a word that T-SQL keeps for statements begins one at `index`. USE is not among them, nor are those in
 * front of which it asks for a `;`, as WITH and THROW.
 */
export function startsKeptStatement(cursor: Cursor, index = cursor.at): boolean {
  if (cursor.dialect !== 'tsql') return false;
  const { kind, word } = cursor.token(index);
  if (kind !== 'word' || !(KEPT.has(word) || SECONDS.has(word))) return false;
  const before = cursor.token(index - 1).word;
  if (INSIDE.test(before)) return false;
  return SECONDS.has(word) ? standsByNext(cursor, index, word) : stands(cursor, index, word, before);
}

/** Words that are names, too, with what makes statements of them. */
const SECONDS: ReadonlyMap<string, RegExp> = new Map([
  ['send', /^on conversation$/],
  ['receive', /^top \($/],
  ['enable', /^trigger /],
  ['disable', /^trigger /],
  ['add', /^(?:signature to|counter signature)$/],
]);

function standsByNext(cursor: Cursor, index: number, word: string): boolean {
  const following = `${cursor.token(index + 1).word} ${cursor.token(index + 2).word}`;
  return SECONDS.get(word)?.test(following) === true && !isOfAlter(cursor, index);
}

/** `ALTER TABLE d.s.t ENABLE TRIGGER ALL` */
function isOfAlter(cursor: Cursor, index: number): boolean {
  let start = index - 1;
  while (cursor.token(start - 1).word === '.') start -= 2;
  return cursor.token(start - 1).word === 'table' && cursor.token(start - 2).word === 'alter';
}

/** After these a query in brackets is a part of what they begin. */
const ASKS =
  /^(?:[.,=<>+*/%&|^~!(-]|[<>!]=|<>|as|then|or|and|not|select|distinct|any|some|exists|in|between|like|for|case|when|else|by|where|having|from|using|join|apply|on|into|top|union|intersect|except|set|if|while|print|return|is|offset|fetch|next|first|with|percent)$/;

/** True where T-SQL's `(SELECT …)` behind another statement begins one of its own at `index`. */
export function startsBracketedRow(cursor: Cursor, index = cursor.at): boolean {
  const [open, before] = [cursor.token(index), cursor.token(index - 1)];
  // `> ALL (SELECT …)`, `UNION ALL (SELECT …)`, but `NOCHECK CONSTRAINT ALL`, `DEFAULT VALUES`
  if (before.word === 'all' && ASKS.test(cursor.token(index - 2).word)) return false;
  if (before.word === 'values' && !/^(?:default|with)$/.test(cursor.token(index - 2).word)) return false;
  if (cursor.dialect !== 'tsql' || open.word !== '(') return false;
  if (ASKS.test(before.word) && !endsSetting(cursor, index - 1)) return false;
  // `ISNULL((SELECT …), 0)`
  const isCall = before.kind === 'word' || before.kind === 'quoted';
  if (isCall && before.end === open.start) return false;
  return cursor.token(isCall ? index + 1 : cursor.afterBrackets(index)).word === 'select';
}

/** The ON of `SET READ_COMMITTED_SNAPSHOT ON`, also as one of a list. */
function endsSetting(cursor: Cursor, index: number): boolean {
  if (cursor.token(index).word !== 'on' || cursor.token(index - 1).kind !== 'word') return false;
  const before = cursor.token(index - 2).word;
  return before === 'set' || (before === ',' && /^(?:on|off)$/.test(cursor.token(index - 3).word));
}

function stands(cursor: Cursor, index: number, word: string, before: string): boolean {
  const next = cursor.token(index + 1);
  const isRight = RIGHTS.test(before);
  switch (word) {
    case 'select':
    case 'if':
      // `DROP TABLE IF EXISTS t`
      return !isRight && !(next.word === 'exists' && cursor.token(index + 2).word !== '(' && word === 'if');
    case 'insert':
    case 'create':
    case 'drop':
    case 'alter':
    case 'truncate':
      return !isRight && before !== 'for' && namesSomething(next);
    case 'update':
    case 'delete':
      return !isRight && before !== 'for' && !isAction(cursor, index, before) && namesSomething(next);
    case 'merge':
      // `INNER MERGE JOIN`, `MERGE RANGE (5)`
      return !/^(?:join|range|\()$/.test(next.word);
    case 'exec':
    case 'execute':
      return !isRight && before !== 'with' && !/^(?:on|to)$/.test(next.word);
    case 'set':
      return before !== 'update' && SETTINGS.test(next.kind === 'parameter' ? '@' : next.word);
    case 'fetch':
      // `OFFSET 5 ROWS FETCH NEXT 5 ROWS ONLY`
      return !/^rows?$/.test(before) || !/^(?:first|next)$/.test(next.word) || cursor.token(index + 2).word === 'from';
    case 'grant':
      return next.word !== 'option';
    case 'rollback':
    case 'revert':
      return !/^(?:with|no)$/.test(before);
    case 'bulk':
      return next.word === 'insert';
    case 'backup':
      return !isRight;
    case 'save':
      return /^tran(?:saction)?$/.test(next.word);
    case 'open':
    case 'close':
    case 'kill':
      return next.kind !== 'punct' && next.kind !== 'end';
    default:
      return true;
  }
}

/** Also a variable, or a piece that is put in. */
function namesSomething({ kind, word }: Token): boolean {
  return kind !== 'punct' || /^[@$%]$/.test(word);
}

/** `ON DELETE CASCADE ON UPDATE SET NULL` of a foreign key. */
function isAction(cursor: Cursor, index: number, before: string): boolean {
  const [next, following] = [cursor.token(index + 1).word, cursor.token(index + 2).word];
  if (before !== 'on') return false;
  return (
    next === 'cascade' ||
    (next === 'no' && following === 'action') ||
    (next === 'set' && /^(?:null|default)$/.test(following))
  );
}

const branchEndsOf = oncePerText(branchEnds);

/** True where T-SQL's ELSE of an IF, or the END of a block, stands at `index`. */
export function endsBranch(cursor: Cursor, index: number): boolean {
  if (cursor.dialect !== 'tsql' || !/^(?:else|end)$/.test(cursor.token(index).word)) return false;
  return branchEndsOf(cursor).has(index);
}

function branchEnds(cursor: Cursor): ReadonlySet<number> {
  const ends = new Set<number>();
  let caseUntil = -1;
  for (const [index, { kind, word }] of cursor.tokens.entries()) {
    if (kind !== 'word') continue;
    if (word === 'case') caseUntil = Math.max(caseUntil, cursor.list.closes.get(index) ?? -1);
    else if (index > caseUntil && (word === 'else' || word === 'end') && cursor.token(index - 1).word !== '.')
      ends.add(index);
  }
  return ends;
}
