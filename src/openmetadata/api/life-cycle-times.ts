import { z } from 'zod';
import type { Transport } from '../http/transport.js';
import { maybe } from './answer-shape.js';
import { listAtMost, type AtMost } from './list-at-most.js';

/** When a table was created, updated and accessed last, as far as the catalog knows; milliseconds since the epoch. */
export interface LifeCycleTimes {
  readonly created: number | undefined;
  readonly updated: number | undefined;
  readonly accessed: number | undefined;
}

/** Rows come with their columns. */
const PAGE = 500;

const details = maybe(z.object({ timestamp: z.number() }));
const row = z.object({
  fullyQualifiedName: z.string(),
  lifeCycle: maybe(z.object({ created: details, updated: details, accessed: details })),
});

/** Those of all tables of a database, by FQN; undefined when there are more than `most`. */
export async function listLifeCycleTimes(
  transport: Transport,
  database: string,
  options: AtMost
): Promise<ReadonlyMap<string, LifeCycleTimes> | undefined> {
  const times = new Map<string, LifeCycleTimes>();
  const take = ({ fullyQualifiedName, lifeCycle }: z.infer<typeof row>): void => {
    times.set(fullyQualifiedName, {
      created: lifeCycle?.created?.timestamp,
      updated: lifeCycle?.updated?.timestamp,
      accessed: lifeCycle?.accessed?.timestamp,
    });
  };
  const listed = { path: '/tables', row, query: { database, fields: 'lifeCycle' }, page: PAGE, take };
  return (await listAtMost(transport, listed, options)) ? times : undefined;
}
