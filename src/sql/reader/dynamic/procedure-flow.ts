import type { Cursor } from '../cursor.js';
import { isBehindLabel } from '../labels.js';
import { FlowSteps } from './flow-steps.js';
import type { Branch, Fork } from './flow-tree.js';
import type { Handler } from './handlers.js';
import { noteJump, openStatement } from './left-statements.js';

interface Flow {
  /** Absent where statements are nested too deeply. */
  readonly whole: Branch | undefined;
  readonly handlers: readonly Handler[];
}

/** What a statement stands behind. */
const BEHIND: ReadonlySet<string> = new Set('; begin atomic then else loop do repeat is as declare : $$'.split(' '));
const LEAVES = /^(?:return|raise|raise_application_error|signal|throw|goto)$/;
const NO_BLOCK = /^(?:;|tran|transaction|work|read|isolation|)$/;
/** Whose DECLARE has all of a block's variables, and stands in front of its BEGIN. */
const SECTIONS: ReadonlySet<string> = new Set(['postgres', 'redshift', 'oracle', 'snowflake']);
/** Tokens of a declaration up to its sign. */
const MOST_TYPED = 12;
const LOOPS = /^(?:while|for|foreach|loop|repeat)$/;

/** `IF … THEN`, CASE, loops, and blocks with EXCEPTION, as all procedures but T-SQL's have them. */
export function procedureFlow(cursor: Cursor): Flow {
  const steps = new FlowSteps(cursor);
  const forks: Fork[] = [];
  while (!steps.done) {
    forks.push(...readBranch(steps).forks);
    // an END too many
    steps.at += 1;
  }
  const whole = { from: 0, to: cursor.tokens.length, forks, leaves: false };
  return { whole: steps.isTooDeep ? undefined : whole, handlers: steps.handlers };
}

/** Statements up to what ends their branch. */
function readBranch(steps: FlowSteps): Branch {
  const from = steps.at;
  const forks: Fork[] = [];
  let leaves = false;
  steps.deeper(() => {
    while (!steps.done && !endsHere(steps)) {
      const isFirst = standsFirst(steps);
      leaves ||= isFirst && LEAVES.test(steps.word());
      if (isFirst) noteJump(steps);
      if (steps.word() === 'begin' && !NO_BLOCK.test(steps.word(1))) leaves = readBlock(steps, forks) || leaves;
      else if (isFirst && steps.word() === 'declare') leaves = readDeclared(steps, forks) || leaves;
      else if (isFirst && steps.word() === 'let' && steps.cursor.dialect === 'snowflake') noteOwn(steps);
      else if (!isFirst || !readFork(steps, forks)) steps.step();
    }
  });
  return { from, to: steps.at, forks, leaves };
}

function endsHere(steps: FlowSteps): boolean {
  const word = steps.word();
  if (/^(?:end|else|elsif|elseif)$/.test(word)) return true;
  return standsFirst(steps) && /^(?:when|exception|until)$/.test(word) && steps.word(1) !== '(';
}

function standsFirst(steps: FlowSteps): boolean {
  return steps.at === 0 || BEHIND.has(steps.word(-1)) || isBehindLabel(steps.cursor, steps.at);
}

/**
 * `BEGIN … [EXCEPTION WHEN … THEN …] END`, with its label in front of `start`; with neither handlers nor variables its
 * forks are those around it, unless it is left.
 */
function readBlock(steps: FlowSteps, forks: Fork[], start = steps.at): boolean {
  const from = steps.at;
  const outer = steps.own;
  const own = new Set<string>();
  steps.own = own;
  const { left } = openStatement(steps, start, false);
  steps.at += 1;
  const tried = readBranch(steps);
  const handlers: Branch[] = [];
  if (steps.take('exception'))
    while (steps.word() === 'when' && steps.takeUpTo(/^then$/)) handlers.push(readBranch(steps));
  steps.own = outer;
  steps.opened.pop();
  steps.take('end');
  for (const handler of steps.handlers) handler.end ??= steps.at;
  const isTried = handlers.length > 0;
  const leaves = !isTried && tried.leaves;
  const branches = [tried, ...handlers];
  const inner: readonly Fork[] = isTried
    ? [{ from, to: steps.at, kind: 'try', branches, isWhole: false }]
    : tried.forks;
  if (own.size + left.length === 0) forks.push(...inner);
  else forks.push({ ...scopeOf(steps, { from, to: steps.at, forks: inner, leaves }, own), left });
  return leaves && left.length === 0;
}

function scopeOf(steps: FlowSteps, branch: Branch, own: ReadonlySet<string>): Fork {
  const isLate = steps.cursor.token(branch.from).word === 'begin' && steps.cursor.dialect === 'snowflake';
  return { from: branch.from, to: branch.to, kind: 'choice', branches: [branch], isWhole: true, own, isLate };
}

/** A DECLARE: of what follows up to the END of its BEGIN, or of the block where it stands. */
function readDeclared(steps: FlowSteps, forks: Fork[]): boolean {
  if (steps.word(2) === 'handler') {
    readHandler(steps, forks);
    return false;
  }
  return isSection(steps) ? readSection(steps, forks) : noteOwn(steps);
}

function isSection(steps: FlowSteps): boolean {
  const { dialect } = steps.cursor;
  if (dialect !== 'mariadb') return SECTIONS.has(dialect);
  // of sql_mode=ORACLE
  for (let ahead = 1; ahead < MOST_TYPED && steps.word(ahead) !== ';'; ahead += 1)
    if (steps.word(ahead) === ':=') return true;
  return false;
}

/** `DECLARE a text; b text; BEGIN … END`; nothing but a step where no BEGIN follows. */
function readSection(steps: FlowSteps, forks: Fork[]): boolean {
  const from = steps.at;
  steps.at += 1;
  if (from < steps.sectionless) return false;
  const own = new Set<string>();
  const inner: Fork[] = [];
  while (!steps.done && !/^(?:begin|end)$/.test(steps.word())) {
    if (standsFirst(steps)) {
      if (readFork(steps, inner)) continue;
      own.add(steps.cursor.token(steps.at).text.toLowerCase());
    }
    steps.step();
  }
  if (steps.word() !== 'begin' || NO_BLOCK.test(steps.word(1))) {
    steps.sectionless = steps.at;
    steps.at = from + 1;
    return false;
  }
  const leaves = readBlock(steps, inner, from);
  forks.push(scopeOf(steps, { from, to: steps.at, forks: inner, leaves }, own));
  return leaves;
}

/** `DECLARE [OR REPLACE] [VARIABLE] a, b INT`, `LET a := 1` */
function noteOwn(steps: FlowSteps): false {
  steps.at += 1;
  steps.take('or', 'replace');
  if (/^var(?:iable)?$/.test(steps.word()) && !/^(?::=|=|,)$/.test(steps.word(1))) steps.at += 1;
  do {
    steps.own.add(steps.cursor.token(steps.at).text.toLowerCase());
    steps.at += 1;
  } while (steps.take(','));
  return false;
}

/** `DECLARE EXIT HANDLER FOR SQLEXCEPTION, SQLSTATE '23000' …` */
function readHandler(steps: FlowSteps, forks: Fork[]): void {
  const from = steps.at;
  const isExit = steps.word(1) !== 'continue';
  steps.at += 4;
  do {
    steps.take('not');
    if (steps.take('sqlstate')) steps.take('value');
    steps.at += 1;
  } while (steps.take(','));
  const start = steps.at;
  const inner: Fork[] = [];
  if (steps.word() === 'begin') readBlock(steps, inner);
  else if (!/^(?:if|case|while|loop|repeat)$/.test(steps.word()) || !readFork(steps, inner)) {
    while (!steps.done && steps.word() !== ';') steps.step();
  }
  const branch: Branch = { from: start, to: steps.at, forks: inner, leaves: false };
  forks.push({ from, to: steps.at, kind: 'handler', branches: [branch], isWhole: false });
  steps.handlers.push({ from, to: steps.at, isExit, end: undefined });
}

/** False, and no step, where none begins. */
function readFork(steps: FlowSteps, forks: Fork[]): boolean {
  const from = steps.at;
  const word = steps.word();
  const branches: Branch[] = [];
  const own = new Set<string>();
  let isWhole = false;
  let kind: Fork['kind'] = 'choice';
  let jumps: Pick<Fork, 'left' | 'again'> = {};
  if (word === 'if' || word === 'case') {
    const next = word === 'if' ? /^els(?:e)?if$/ : /^when$/;
    if (word === 'case') {
      steps.at += 1;
      while (!steps.done && !/^(?:when|;)$/.test(steps.word())) steps.step();
    }
    while (branches.length === 0 ? word === 'if' || next.test(steps.word()) : next.test(steps.word())) {
      if (!steps.takeUpTo(/^then$/)) break;
      branches.push(readBranch(steps));
    }
    isWhole = branches.length > 0 && steps.take('else');
    if (isWhole) branches.push(readBranch(steps));
  } else if (LOOPS.test(word)) {
    isWhole = word === 'loop' || word === 'repeat';
    if (isWhole) steps.at += 1;
    else if (!steps.takeUpTo(/^(?:loop|do)$/)) return false;
    const { left, again } = openStatement(steps, from, true);
    jumps = { left, again };
    if (hasOwnVariable(steps, from)) own.add(steps.cursor.token(from + 1).text.toLowerCase());
    branches.push(readBranch(steps));
    steps.opened.pop();
    if (steps.word() === 'until') steps.takeUpTo(/^end$/);
    kind = 'loop';
  } else if (/^(?:procedure|function)$/.test(word) && steps.cursor.dialect === 'oracle') {
    // a routine of this block: it may be called
    branches.push(readRoutine(steps, own));
  }
  if (branches.length === 0) {
    steps.at = from;
    return false;
  }
  if (!/^(?:procedure|function)$/.test(word) && steps.take('end'))
    steps.take(kind === 'loop' && /^(?:loop|while|for|repeat)$/.test(steps.word()) ? steps.word() : word);
  forks.push({ from, to: steps.at, kind, branches, isWhole, own, ...jumps });
  return true;
}

/** True for a FOR whose variable is the loop's own; that of PL/pgSQL's queries is one of the block. */
function hasOwnVariable({ cursor }: FlowSteps, loop: number): boolean {
  if (cursor.token(loop).word !== 'for' || cursor.token(loop + 2).word !== 'in') return false;
  if (cursor.dialect === 'postgres') return !ASKS.test(cursor.token(loop + 3).word);
  return /^(?:oracle|mariadb)$/.test(cursor.dialect);
}

const ASKS = /^(?:select|with|values|table|execute|insert|update|delete|merge|show|explain|\()$/;

function readRoutine(steps: FlowSteps, own: Set<string>): Branch {
  const from = steps.at;
  const forks: Fork[] = [];
  if (steps.takeUpTo(/^(?:is|as)$/)) {
    steps.deeper(() => {
      while (!steps.done && !/^(?:begin|end)$/.test(steps.word())) {
        if (standsFirst(steps)) {
          if (readFork(steps, forks)) continue;
          own.add(steps.cursor.token(steps.at).text.toLowerCase());
        }
        steps.step();
      }
      if (steps.word() === 'begin') readBlock(steps, forks);
    });
  } else steps.takeUpTo(/^;$/);
  return { from, to: steps.at, forks, leaves: false };
}
