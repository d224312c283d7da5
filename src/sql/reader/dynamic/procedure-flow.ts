import type { Cursor } from '../cursor.js';
import { FlowSteps } from './flow-steps.js';
import type { Branch, Fork } from './flow-tree.js';

/** What a statement stands behind. */
const BEHIND: ReadonlySet<string> = new Set('; begin atomic then else loop do repeat is as declare >> : $$'.split(' '));
const LEAVES = /^(?:return|raise|raise_application_error|signal|throw|goto)$/;
const NO_BLOCK = /^(?:;|tran|transaction|work|read|isolation|)$/;
const LOOPS = /^(?:while|for|foreach|loop|repeat)$/;

/** `IF … THEN`, CASE, loops, and blocks with EXCEPTION, as all procedures but T-SQL's have them. */
export function procedureFlow(cursor: Cursor): Branch | undefined {
  const steps = new FlowSteps(cursor);
  const forks: Fork[] = [];
  while (!steps.done) {
    forks.push(...readBranch(steps).forks);
    // an END too many
    steps.at += 1;
  }
  return steps.isTooDeep ? undefined : { from: 0, to: cursor.tokens.length, forks, leaves: false };
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
      if (steps.word() === 'begin' && !NO_BLOCK.test(steps.word(1))) leaves = readBlock(steps, forks) || leaves;
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
  return steps.at === 0 || BEHIND.has(steps.word(-1));
}

/** `BEGIN … [EXCEPTION WHEN … THEN …] END`; without handlers its forks are those around it. */
function readBlock(steps: FlowSteps, forks: Fork[]): boolean {
  const from = steps.at;
  steps.at += 1;
  const tried = readBranch(steps);
  const handlers: Branch[] = [];
  if (steps.take('exception'))
    while (steps.word() === 'when' && steps.takeUpTo(/^then$/)) handlers.push(readBranch(steps));
  steps.take('end');
  if (handlers.length === 0) {
    forks.push(...tried.forks);
    return tried.leaves;
  }
  forks.push({ from, to: steps.at, kind: 'try', branches: [tried, ...handlers], isWhole: false });
  return false;
}

/** False, and no step, where none begins. */
function readFork(steps: FlowSteps, forks: Fork[]): boolean {
  const from = steps.at;
  const word = steps.word();
  const branches: Branch[] = [];
  const own = new Set<string>();
  let isWhole = false;
  let kind: Fork['kind'] = 'choice';
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
    branches.push(readBranch(steps));
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
  forks.push({ from, to: steps.at, kind, branches, isWhole, own });
  return true;
}

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
