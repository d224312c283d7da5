import type { StagingStore, StateVersion } from '../staging/index.js';
import { seenLine, writeChangesSeen, type SeenTable } from './changes-seen.js';
import type { UnitTable } from './plan-units.js';
import { writeMemory } from './profile-memory.js';
import { profileOutcome, publishedLine, rememberedOf, StatementsTaken } from './unit-lines.js';
import type { RememberedTable } from './remembered.js';

export interface RememberRun {
  readonly store: StagingStore;
  readonly service: string;
  readonly version: StateVersion;
  /** For each unit: its tables, and the slices of what was measured and what was published. */
  readonly units: AsyncIterable<ProfiledUnit> | Iterable<ProfiledUnit>;
  /** Until when what changed the rows of each table was read, as the stage that lists tables staged it. */
  readonly seen?: AsyncIterable<unknown> | Iterable<unknown>;
}

export interface ProfiledUnit {
  readonly tables: readonly UnitTable[];
  readonly profiles: AsyncIterable<unknown>;
  readonly published: AsyncIterable<unknown>;
  /** The unit is finished: what wasn't measured had no budget left. */
  readonly ended: boolean;
}

/** What a run says of the tables that it profiled. */
export interface ProfiledTables {
  /** Of those whose rows were read, according to the source's catalogue. */
  readonly bytes: number;
  /** Those whose sample took no row. */
  readonly sampledNone: readonly string[];
  /** Those whose partition has no rows. */
  readonly emptyPartition: readonly string[];
  /** Those for which the budget had nothing left. */
  readonly left: readonly string[];
  /** Statements that were sent, of those that count for the budget. */
  readonly statements: number;
  /** What counts for the budget besides: reserved for work that was lost. */
  readonly setApart: number;
}

/** Keeps for the next run when each published table was profiled, and with which configuration. */
export async function rememberRun({ store, service, version, units, seen = [] }: RememberRun): Promise<ProfiledTables> {
  let bytes = 0;
  let statements = 0;
  let setApart = 0;
  const sampledNone: string[] = [];
  const emptyPartition: string[] = [];
  const left: string[] = [];
  const profiled = new Map<string, RememberedTable>();
  const changes = new Map<string, SeenTable>();
  for await (const line of seen) {
    // one that a release before staged says nothing of a table
    const { data } = seenLine.safeParse(line);
    if (data !== undefined) changes.set(...data);
  }
  for await (const { tables: own, profiles, published, ended } of units) {
    const sent = new Set<string>();
    for await (const line of published) {
      const { fqn, ok } = publishedLine.parse(line);
      if (ok) sent.add(fqn);
      else fail(changes, fqn);
    }
    const bytesOf = new Map(own.map(({ fqn, facts }) => [fqn, facts.bytes ?? 0]));
    const measured = new Set<string>();
    const taken = new StatementsTaken();
    for await (const line of profiles) {
      taken.see(line);
      const done = profileOutcome(line);
      if (done !== undefined) {
        measured.add(done.fqn);
        if (done.failed !== undefined) fail(changes, done.fqn);
      }
      const kept = rememberedOf(line);
      if (kept === undefined || (kept.cut === undefined && !sent.has(kept.fqn))) continue;
      profiled.set(kept.fqn, kept.remember);
      if (kept.changesUntil !== undefined && sent.has(kept.fqn)) changes.set(kept.fqn, { until: kept.changesUntil });
      // the source did not show all of them
      else if (sent.has(kept.fqn)) fail(changes, kept.fqn, { lacks: true });
      // larger than maxBytes, or all of it known to the catalogue
      if (kept.wasRead) bytes += bytesOf.get(kept.fqn) ?? 0;
      if (kept.sampledNone) sampledNone.push(kept.fqn);
      if (kept.emptyPartition) emptyPartition.push(kept.fqn);
    }
    statements += taken.sent;
    setApart += taken.setApart;
    if (ended) left.push(...own.flatMap(({ fqn }) => (measured.has(fqn) ? [] : [fqn])));
  }
  // what earlier runs left is kept unchanged
  if (profiled.size > 0) await writeMemory(store, service, version, profiled);
  if (changes.size > 0) await writeChangesSeen(store, service, version, changes);
  return { bytes, sampledNone, emptyPartition, left, statements, setApart };
}

function fail(changes: Map<string, SeenTable>, fqn: string, why: Pick<SeenTable, 'lacks'> = {}): void {
  const before = changes.get(fqn);
  if (before !== undefined) changes.set(fqn, { ...before, failed: true, ...why });
}
