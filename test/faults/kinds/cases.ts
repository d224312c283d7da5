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

function meetings(): [WorkflowKind, string][] {
  return KIND_NAMES.flatMap((kind) =>
    FAULT_NAMES.filter((fault) => faultOf(fault).kinds?.includes(kind) ?? true).map((fault): [WorkflowKind, string] => [
      kind,
      fault,
    ])
  );
}
