import { isBehindLabel } from '../labels.js';
import type { FlowSteps } from './flow-steps.js';

/** A block or loop with the places where it is left before its end, and where a loop goes on to its next round. */
export interface LeftStatement {
  readonly label: string | undefined;
  readonly isLoop: boolean;
  readonly left: number[];
  readonly again: number[];
}

const LEAVES = /^(?:exit|leave|break)$/;
const GOES_ON = /^(?:continue|iterate)$/;
/** What stands behind these words where they name no label. */
const NO_LABEL = /^(?:;|when|if|)$/;

/** Begins one whose label, if it has any, stands in front of `at`. */
export function openStatement(steps: FlowSteps, at: number, isLoop: boolean): LeftStatement {
  const { cursor } = steps;
  const back = isBehindLabel(cursor, at) ? 3 : cursor.token(at - 1).word === ':' ? 2 : undefined;
  const label = back === undefined ? undefined : cursor.token(at - back).text.toLowerCase();
  const opened = { label, isLoop, left: [], again: [] };
  steps.opened.push(opened);
  return opened;
}

/** Notes an EXIT, LEAVE, BREAK, CONTINUE or ITERATE at the statement that is read. */
export function noteJump(steps: FlowSteps): void {
  const word = steps.word();
  const goesOn = GOES_ON.test(word);
  if (!goesOn && !LEAVES.test(word)) return;
  const isBare = steps.cursor.dialect === 'tsql' || NO_LABEL.test(steps.word(1));
  const label = steps.cursor.token(steps.at + 1).text.toLowerCase();
  const last = steps.opened.findLast((each) => (isBare ? each.isLoop : each.label === label));
  // Snowflake's label behind END is not seen yet
  for (const { isLoop, left, again } of last === undefined ? steps.opened : [last])
    (goesOn && isLoop ? again : left).push(steps.at);
}
