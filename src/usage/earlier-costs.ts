import { EarlierLines } from './earlier-lines.js';
import { parseSentCost, type SentCost } from './sent-cost.js';

export type CostKey = Pick<SentCost, 'day' | 'checksum'>;
export type EarlierCosts = EarlierLines<CostKey, SentCost>;

/** The costs of the version before; those of days that are no longer kept are left out. */
export function earlierCosts(lines: AsyncIterable<string> | undefined, oldest: number): EarlierCosts {
  return new EarlierLines({ lines, oldest, parse: parseSentCost, nameOf: ({ checksum }: CostKey) => checksum });
}
