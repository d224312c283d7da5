import { startsBracketedRow, startsKeptStatement } from '../batch-statements.js';
import type { Cursor } from '../cursor.js';
import { FlowSteps } from './flow-steps.js';
import type { Branch, Fork } from './flow-tree.js';
import { noteJump, openStatement } from './left-statements.js';

/** What begins a statement; conditions and statements before end there, since nothing else need end them. */
const STARTS: ReadonlySet<string> = new Set(
  `set select insert update delete merge truncate exec execute print raiserror throw return declare if while begin create
   alter drop goto break continue waitfor use fetch open close deallocate commit rollback save grant revoke deny dbcc with
   go bulk backup restore kill disable enable reconfigure checkpoint revert shutdown setuser readtext writetext
   updatetext`.split(/\s+/)
);
/** These begin none where a bracket follows: `UPDATE(c)`, `WITH (NOLOCK)`. */
const NO_STARTS = /^(?:update|with|insert|delete|merge|set)$/;
/** Behind these, a statement goes on: `UNION ALL SELECT`, `CURSOR FOR SELECT`, `THEN UPDATE`, `ROWS FETCH NEXT`. */
const GOES_ON: ReadonlySet<string> = new Set(
  'union all except intersect for on of then after as inner left right full to no'.split(' ')
);
/** What is a part of a statement that begins with the key. */
const PARTS: ReadonlyMap<string, RegExp> = new Map([
  ['insert', /^(?:select|exec|execute|with)$/],
  ['update', /^set$/],
  ['with', /^(?:select|insert|update|delete|merge)$/],
  ['merge', /./],
  ['alter', /^(?:alter|drop|set|enable|disable|with)$/],
  ['create', /^(?:with|insert|update|delete|execute)$/],
]);
const RIGHTS = /^(?:grant|revoke|deny)$/;
const BEHIND_RIGHTS = /^(?:on|to|from)$/;
const LEAVES = /^(?:return|throw|goto)$/;
const NO_BLOCK = /^(?:tran|transaction|distributed|dialog|conversation)$/;

/** `IF … [ELSE …]`, WHILE and TRY of T-SQL, each with a statement or a block. */
export function tsqlFlow(cursor: Cursor): Branch | undefined {
  const steps = new FlowSteps(cursor);
  const forks: Fork[] = [];
  while (!steps.done) {
    readBlock(steps, forks);
    // an END too many
    steps.at += 1;
  }
  return steps.isTooDeep ? undefined : { from: 0, to: cursor.tokens.length, forks, leaves: false };
}

/** Statements up to an END; true when one of them leaves. */
function readBlock(steps: FlowSteps, forks: Fork[]): boolean {
  let leaves = false;
  while (!steps.done && steps.word() !== 'end') {
    const from = steps.at;
    if (!steps.take('else')) leaves = readStatement(steps, forks) || leaves;
    // of an IF that wasn't followed to its end
    else forks.push(fork(steps, from, 'choice', [readOne(steps)]));
  }
  return leaves;
}

function branchOf(steps: FlowSteps, read: (forks: Fork[]) => boolean): Branch {
  const from = steps.at;
  const forks: Fork[] = [];
  let leaves = false;
  steps.deeper(() => {
    leaves = read(forks);
  });
  return { from, to: steps.at, forks, leaves };
}

function readOne(steps: FlowSteps): Branch {
  return branchOf(steps, (forks) => readStatement(steps, forks));
}

function fork(steps: FlowSteps, from: number, kind: Fork['kind'], branches: readonly Branch[], isWhole = false): Fork {
  return { from, to: steps.at, kind, branches, isWhole };
}

/** Steps over a statement; true when it leaves. */
function readStatement(steps: FlowSteps, forks: Fork[]): boolean {
  const from = steps.at;
  if (steps.take('begin', 'try')) {
    const tried = branchOf(steps, (inner) => readBlock(steps, inner));
    steps.take('end', 'try');
    steps.take(';');
    if (!steps.take('begin', 'catch')) return false;
    const caught = branchOf(steps, (inner) => readBlock(steps, inner));
    steps.take('end', 'catch');
    forks.push(fork(steps, from, 'try', [tried, caught]));
    return false;
  }
  if (steps.word() === 'begin' && !NO_BLOCK.test(steps.word(1))) {
    let leaves = false;
    steps.at += 1;
    steps.deeper(() => {
      leaves = readBlock(steps, forks);
    });
    steps.take('end');
    return leaves;
  }
  if (steps.take('if')) {
    skipCondition(steps);
    const branches = [readOne(steps)];
    if (steps.word() === ';' && steps.word(1) === 'else') steps.at += 1;
    const isWhole = steps.take('else');
    if (isWhole) branches.push(readOne(steps));
    forks.push(fork(steps, from, 'choice', branches, isWhole));
    return false;
  }
  if (steps.take('while')) {
    skipCondition(steps);
    const { left, again } = openStatement(steps, from, true);
    const round = readOne(steps);
    steps.opened.pop();
    forks.push({ ...fork(steps, from, 'loop', [round]), left, again });
    return false;
  }
  noteJump(steps);
  return skipSimple(steps);
}

function skipCondition(steps: FlowSteps): void {
  while (!steps.done && steps.word() !== ';' && !startsHere(steps)) steps.step();
}

function skipSimple(steps: FlowSteps): boolean {
  const first = steps.word();
  const isPart = partsOf(steps, first);
  // an ELSE behind it belongs to no IF that was followed
  if (steps.take(';')) return false;
  if (RIGHTS.test(first) && steps.word(1) !== 'option') steps.takeUpTo(BEHIND_RIGHTS);
  steps.step();
  let hasValues = false;
  while (!steps.done && !/^(?:;|else|end)$/.test(steps.word())) {
    hasValues ||= steps.word() === 'values';
    if (startsHere(steps) && !isPart(hasValues) && !goesOn(steps)) break;
    if (first === 'use' && startsBracketedRow(steps.cursor, steps.at)) break;
    steps.step();
  }
  if (steps.word() !== ';' || steps.word(1) !== 'else') steps.take(';');
  return LEAVES.test(first);
}

/** Whether the word that is next is a part of a statement that begins with `first`; to be asked word by word. */
function partsOf(steps: FlowSteps, first: string): (hasValues: boolean) => boolean {
  const parts = PARTS.get(first);
  // `INSERT a VALUES (1) SELECT …`, `UPDATE a SET x = 1 SET @y = 2`: the second one is the next statement
  const isOnce = /^(?:insert|update)$/.test(first);
  let isUsed = false;
  return (hasValues) => {
    if (parts?.test(steps.word()) !== true) return false;
    if (!isOnce) return !/^(?:alter|create)$/.test(first) || !startsKeptStatement(steps.cursor, steps.at);
    const isPart = !isUsed && !hasValues;
    isUsed = true;
    return isPart;
  };
}

/** `SET NOCOUNT ON`, `NOCHECK CONSTRAINT ALL` and `SWITCH … TO` end with words behind which others go on. */
function goesOn(steps: FlowSteps): boolean {
  const before = steps.word(-1);
  if (before === 'on') return steps.word() !== 'use' && !startsKeptStatement(steps.cursor, steps.at);
  if (/^rows?$/.test(before)) return steps.word() === 'fetch' && !startsKeptStatement(steps.cursor, steps.at);
  if (before === 'all') return steps.word() === 'select';
  return GOES_ON.has(before);
}

function startsHere(steps: FlowSteps): boolean {
  const word = steps.word();
  if (!STARTS.has(word) || steps.word(-1) === '.') return false;
  // `DROP TABLE IF EXISTS t`
  if (word === 'if' && steps.word(1) === 'exists' && steps.word(2) !== '(') return false;
  return steps.word(1) !== '(' || !NO_STARTS.test(word);
}
