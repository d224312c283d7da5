import { buildFqn, splitFqn, type LifeCycleTimes } from '../openmetadata/index.js';
import type { PublishUsageInput } from './publish-input.js';
import type { TablePart } from './usage-part.js';

/** A listing pays where it has at most so many tables for each that would be asked for alone. */
const LISTED_PER_TABLE = 20;
/** Fewer tables than this are asked for alone. */
const FEW = 5;
/** Held at once for a database. */
const MOST_LISTED = 100_000;

interface ListedDatabase {
  /** Tables of it that the run has so far. */
  wanted: number;
  /** How many these were when it was found to have too many tables. */
  tried: number;
  times: ReadonlyMap<string, LifeCycleTimes> | undefined;
}

/**
 * Life cycles that the catalog has, listed by database, so that a run that finds them all as they should be does not
 * ask for each table. Tables come in the order of their FQNs: a database that a batch has nothing of is forgotten.
 */
export class KnownLifeCycles {
  #databases = new Map<string, ListedDatabase>();

  constructor(private readonly input: Pick<PublishUsageInput, 'client' | 'signal'>) {}

  /** Lists what a batch needs, where that takes less than asking for each table. */
  async list(parts: readonly TablePart[]): Promise<void> {
    const databases = new Map<string, ListedDatabase>();
    for (const { fqn } of parts) {
      const name = databaseOf(fqn);
      const known = databases.get(name) ?? this.#databases.get(name) ?? { wanted: 0, tried: 0, times: undefined };
      known.wanted += 1;
      databases.set(name, known);
    }
    this.#databases = databases;
    for (const [name, database] of databases) {
      const { wanted, tried, times } = database;
      if (times !== undefined || wanted < FEW || wanted < 2 * tried) continue;
      const { client, signal } = this.input;
      const most = Math.min(wanted * LISTED_PER_TABLE, MOST_LISTED);
      database.tried = wanted;
      database.times = await client.usage.lifeCycleTimes(name, { most, signal });
    }
  }

  /** Whether the catalog's may be behind: it is, or is not known. */
  mayLack({ fqn, lifeCycle }: TablePart): boolean {
    const known = this.#databases.get(databaseOf(fqn))?.times?.get(fqn);
    return (['created', 'updated', 'accessed'] as const).some((use) => {
      const at = lifeCycle[use]?.at;
      return at !== undefined && (known === undefined || at > (known[use] ?? -1));
    });
  }
}

function databaseOf(tableFqn: string): string {
  return buildFqn(...splitFqn(tableFqn).slice(0, 2));
}
