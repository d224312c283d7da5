import { KIND_NAMES, type WorkflowKind } from '../../../src/contract/kinds.js';
import { FAULT_NAMES, faultOf } from './faults.js';
import { MOMENTS, type Moment } from './stages.js';

export interface Case {
  readonly kind: WorkflowKind;
  readonly moment: Moment;
  readonly fault: string;
  readonly seed: number;
}

/** As many as `npm test` has time for. */
export const MOST_CASES = 60;

/** Every fault that a kind can meet, at every moment. */
export function allCases(seeds: readonly number[]): Case[] {
  return seeds.flatMap((seed) =>
    meetings().flatMap(([kind, fault]) => MOMENTS.map((moment) => ({ kind, fault, moment, seed })))
  );
}

/**
 * So few that each kind meets each fault, and each fault and each kind is met at each moment; another seed turns the
 * moments on.
 */
export function pairwiseCases(seed: number): Case[] {
  return meetings().map(([kind, fault]) => {
    const turn = seed + KIND_NAMES.indexOf(kind) + FAULT_NAMES.indexOf(fault);
    return { kind, fault, moment: MOMENTS[turn % MOMENTS.length] ?? 'reads', seed };
  });
}

/** The name of its test, which FAULT is matched against. */
export function titleOf({ kind, fault, moment, seed }: Case): string {
  return `of ${kind} ends as if nothing had been when it meets ${fault} while it ${moment} (seed ${seed})`;
}

/**
 * Those that are asked for. @param asked FAULT, a regular expression; absent: all
 * @throws Error when there are none, with what may be asked for: a word that is misspelt must not pass
 */
export function chosenCases(cases: readonly Case[], asked: string | undefined): readonly Case[] {
  if (asked === undefined) return cases;
  const chosen = cases.filter((each) => new RegExp(asked).test(titleOf(each)));
  if (chosen.length > 0) return chosen;
  throw new Error(
    `FAULT=${asked} names no case of ${cases.length}. It is matched against names such as\n` +
      `  ${cases[0] === undefined ? '' : titleOf(cases[0])}\n` +
      `of kinds: ${KIND_NAMES.join(', ')}\nfaults: ${FAULT_NAMES.join(', ')}\nmoments: ${MOMENTS.join(', ')}\n` +
      'Not every fault meets every moment with each seed: with `-- --all` it does.'
  );
}

function meetings(): [WorkflowKind, string][] {
  return KIND_NAMES.flatMap((kind) =>
    FAULT_NAMES.filter((fault) => faultOf(fault).kinds?.includes(kind) ?? true).map((fault): [WorkflowKind, string] => [
      kind,
      fault,
    ])
  );
}
