import { countsOf, type PartRecorder, type PartReport } from '../report/index.js';
import type { ManifestEntry, StagingStore } from '../staging/index.js';
import type { Catalog } from './catalog.js';
import { DeletionBudget } from './deletion-budget.js';
import { allowedDeletions, reportHeldBack, type GuardInput } from './deletion-guard.js';
import { countService } from './find-gone.js';
import { goneIn, type Decision, type GoneLine } from './staged-deletion.js';
import type { Standing } from './standing.js';

/** What runs of a pipeline know of each other's deletions while they are under way. */
export interface DeletionMemory {
  /** What stands by the last word of another run, of one that is under way as well. */
  latest(): Promise<Standing | undefined>;
  /** Tells the other runs what stands once this one has marked, before it marks; false when it is not told. */
  announce(next: Standing): Promise<boolean>;
}

export interface DecideInput {
  readonly service: string;
  readonly store: StagingStore;
  readonly run: string;
  readonly stages: { readonly extract: string };
  readonly catalog: Catalog;
  readonly recorder: PartRecorder;
  /** What an earlier run of the pipeline left when this one began. */
  readonly earlier: Standing | undefined;
  readonly remembers: boolean;
  /** Absent without a pipeline, and where nothing is written. */
  readonly memory?: DeletionMemory | undefined;
  readonly maxDeletedPercent: number | undefined;
}

/** What may be marked of all that is gone; what may not is reported. */
export async function decideDeletions(input: DecideInput, found: readonly ManifestEntry[]): Promise<Decision> {
  const { earlier, memory, maxDeletedPercent, remembers } = input;
  let gone = 0;
  let named = false;
  for (const entry of found) {
    for (const line of await goneIn(input.store, entry)) {
      gone += line.entities;
      named ||= line.named === true;
    }
  }
  if (gone === 0) return { stood: 0, before: 0, allowed: 0, marked: 0 };
  // One that is under way beside this run may have marked since it began.
  const before = (await memory?.latest()) ?? earlier;
  const guard: GuardInput = {
    stood: before?.stood ?? (await countService(input)),
    marked: before?.marked ?? 0,
    gone,
    showsNothing: !named && !(await showsSomething(input)),
    maxDeletedPercent,
    remembers,
  };
  const shares = await sharesOf(input, guard, found);
  if (shares.marked === 0 || memory === undefined) return decided(input, guard, shares);
  const { stood, marked } = guard;
  const next = { stood, marked: marked + shares.marked, rights: before?.rights ?? {} };
  if (await memory.announce(next)) return decided(input, guard, shares);
  const alone = { ...guard, remembers: false };
  return decided(input, alone, await sharesOf(input, alone, found));
}

interface Shares {
  readonly allowed: number;
  readonly marked: number;
  readonly held: readonly GoneLine[];
}

async function sharesOf({ store }: DecideInput, guard: GuardInput, found: readonly ManifestEntry[]): Promise<Shares> {
  const allowed = allowedDeletions(guard);
  const budget = new DeletionBudget(allowed);
  const held: GoneLine[] = [];
  for (const entry of found) for (const line of await goneIn(store, entry)) if (!budget.take(line)) held.push(line);
  return { allowed, marked: budget.taken, held };
}

function decided({ recorder, service }: DecideInput, guard: GuardInput, { allowed, marked, held }: Shares): Decision {
  const [first] = held;
  if (first !== undefined) {
    const count = held.reduce((sum, line) => sum + line.entities, 0);
    reportHeldBack(recorder, guard, { count, first: first.fqn, service });
  }
  return { stood: guard.stood, before: guard.marked, allowed, marked };
}

/** Whether the run's listings have any table or procedure, left out or not. */
async function showsSomething({ store, run, stages }: DecideInput): Promise<boolean> {
  for (const slice of await store.slices(run, stages.extract)) {
    for (const { facts } of await store.manifest({ run, stage: stages.extract, slice })) {
      // Facts are written by this program's own stages.
      const { records, filtered } = countsOf(facts as PartReport, 'source');
      if (records + filtered > 0) return true;
    }
  }
  return false;
}
