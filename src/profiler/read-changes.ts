import { countWords } from '../contract/count-words.js';
import type { ProfilerRecipe } from '../recipe/index.js';
import type { MeasureSource, RowChanges } from '../sources/index.js';
import type { StagingStore } from '../staging/index.js';
import { openChanges, readChangesSeen, unread, type OpenChanges, type SeenTable } from './changes-seen.js';
import { putLateChanges, type LateChanges, type UnchangedTable } from './late-changes.js';
import { named } from './named.js';
import type { ListedTable } from './plan-units.js';
import type { RememberedTables } from './remembered.js';

export interface ReadChanges extends Omit<LateChanges, 'changes' | 'since' | 'to'> {
  readonly store: Pick<StagingStore, 'state'>;
  readonly recipe: ProfilerRecipe;
  readonly source: Pick<MeasureSource, 'changes'>;
  readonly remembered: RememberedTables;
  /** To be profiled. */
  readonly listed: readonly ListedTable[];
  readonly unchanged: readonly UnchangedTable[];
  /** Where the window ends, epoch milliseconds. */
  readonly now: number;
}

export interface ReadChangesResult {
  /** Those to be profiled, with the window of their system profile. */
  readonly tables: readonly ListedTable[];
  /** Until when that of each table was read, but for those whose profile comes to its end. */
  readonly seen: ReadonlyMap<string, SeenTable>;
}

/**
 * Gives each table its own window of the system profile, so that none loses what happened while other runs read only
 * other tables, or while it was left over. One window holds all of them, and is read at once. What happened to tables
 * that didn't change is put here.
 */
export async function readChanges(input: ReadChanges): Promise<ReadChangesResult> {
  const { listed, unchanged, source, recorder, now } = input;
  const asking = listed.filter(({ asksChanges }) => asksChanges === true);
  const fqns = [...unchanged, ...asking].map(({ fqn }) => fqn);
  if (source.changes === undefined || fqns.length === 0) return { tables: listed, seen: new Map() };
  const open = await openOf(input, fqns);
  const from = [...open.values()].reduce((first, each) => Math.min(first, each.from), now);
  const since = (fqn: string): number => open.get(fqn)?.from ?? from;
  const gaps = fqns.filter((fqn) => open.get(fqn)?.gap !== undefined);
  const lost = gaps.filter((fqn) => open.get(fqn)?.lacks !== true);
  if (lost.length > 0) recorder.note(lostLine(lost));
  if (gaps.length > lost.length) recorder.note(notShownLine(gaps.length - lost.length));
  const seen = new Map([...open].map(([fqn, each]) => [fqn, unread(each, now)]));
  if (unchanged.length > 0) {
    const changes: RowChanges = await source.changes({ from, to: now });
    const failed = await putLateChanges(unchanged, { ...input, changes, since, to: now });
    for (const { fqn } of unchanged) {
      const before = { until: from, ...seen.get(fqn), failed: true } as const;
      if (failed.has(fqn)) seen.set(fqn, before);
      else if (changes.lacksSome === true) seen.set(fqn, { ...before, lacks: true });
      else seen.set(fqn, { until: now });
    }
  }
  const tables = listed.map((table) =>
    table.asksChanges === true ? { ...table, changesFrom: from, changesSince: since(table.fqn) } : table
  );
  return { tables, seen };
}

async function openOf(
  { store, recipe, remembered, now }: ReadChanges,
  fqns: readonly string[]
): Promise<ReadonlyMap<string, OpenChanges>> {
  const seen = await readChangesSeen(store, recipe.source.serviceName);
  return new Map(
    fqns.map((fqn) => {
      const before = remembered.get(fqn);
      const profiled = before?.waitsSince ?? before?.timestamp;
      return [fqn, openChanges(seen, fqn, { now, profiled: profiled === 0 ? undefined : profiled })];
    })
  );
}

function lostLine(fqns: readonly string[]): string {
  return `No run read in time all that changed the rows of ${named(fqns)}: what was not read and is older than a year, or than 14 days and the last run where the table fails, is in no system profile.`;
}

/** Mostly all tables of the service, for as long as the account can't read a view. */
function notShownLine(count: number): string {
  return `The source did not show runs all that changed the rows of ${countWords(count, 'table', 'tables')}; each such run warns of the view that it could not read. What that view has of them and is older than 14 days and the last run is in no system profile.`;
}
