import { z } from 'zod';

/** What became of a staged line: `none` for one that has nothing to publish. */
const OUTCOMES = ['written', 'unchanged', 'refused', 'none'] as const;
export type PublishOutcome = (typeof OUTCOMES)[number];

/**
 * Outcomes of a chunk's lines in order, each with how many consecutive lines have it: most chunks have a single
 * outcome.
 */
export const outcomeRuns = z.array(z.tuple([z.enum(OUTCOMES), z.number()]));
export type OutcomeRuns = z.infer<typeof outcomeRuns>;

/** Gathers the outcomes of a chunk. */
export class PublishOutcomes {
  readonly #outcomes: PublishOutcome[] = [];
  readonly #sent = new Map<string, number>();

  add(outcome: 'unchanged' | 'none'): void {
    this.#outcomes.push(outcome);
  }

  /** The line's entity is sent, and so `written` unless it is refused. */
  sent(fqn: string): void {
    this.#sent.set(fqn, this.#outcomes.length);
    this.#outcomes.push('written');
  }

  refused(fqn: string): void {
    const index = this.#sent.get(fqn);
    if (index !== undefined) this.#outcomes[index] = 'refused';
  }

  runs(): OutcomeRuns {
    const runs: OutcomeRuns = [];
    for (const outcome of this.#outcomes) {
      const last = runs.at(-1);
      if (last?.[0] === outcome) last[1] += 1;
      else runs.push([outcome, 1]);
    }
    return runs;
  }
}

/** The outcomes one by one. */
export function* eachOutcome(runs: OutcomeRuns): Generator<PublishOutcome> {
  for (const [outcome, count] of runs) for (let n = 0; n < count; n += 1) yield outcome;
}
