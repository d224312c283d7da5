import { countsOf, type PartRecorder, type PartReport } from '../report/index.js';
import type { ManifestEntry, StagingStore } from '../staging/index.js';
import type { Catalog } from './catalog.js';
import { DeletionBudget } from './deletion-budget.js';
import { allowedDeletions, reportHeldBack, type GuardInput } from './deletion-guard.js';
import { countService } from './find-gone.js';
import { goneIn, type Decision, type GoneLine } from './staged-deletion.js';
import type { Standing } from './standing.js';
import { beforeOwn, type KnownStanding } from './standing-of-runs.js';

/** What runs of a pipeline know of each other's deletions while they are under way. */
export interface DeletionMemory {
  /** What stands by the other runs; undefined when it can't be read. */
  look(): Promise<KnownStanding | undefined>;
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

/**
 * What may be marked of all that is gone; what may not is reported. Runs that decide at the same time first say what
 * they are to mark, then look again: of two, the later one to speak sees the other one, and leaves to it what it said.
 * Either may, so less than the share may go, never more.
 */
export async function decideDeletions(input: DecideInput, found: readonly ManifestEntry[]): Promise<Decision> {
  const { memory } = input;
  const [gone, named] = await countGone(input.store, found);
  if (gone === 0) return { stood: 0, before: 0, allowed: 0, marked: 0 };
  const known = (await memory?.look()) ?? { settled: undefined, beside: 0 };
  const standing = await standingNow(input, known);
  const showsNothing = !named && !(await showsSomething(input));
  const guard: GuardInput = { ...standing, gone, showsNothing, ...pick(input) };
  const shares = await sharesOf(input, guard, found);
  if (shares.marked === 0 || memory === undefined) return decided(input, guard, shares);
  const told = await announce(input, memory, guard, shares.marked);
  const again = told ? await memory.look() : undefined;
  if (again === undefined) {
    const alone = { ...guard, remembers: false };
    return decided(input, alone, await sharesOf(input, alone, found));
  }
  const guardNow = { ...guard, ...(await standingNow(input, again)) };
  const sharesNow = await sharesOf(input, guardNow, found);
  if (sharesNow.marked >= shares.marked) return decided(input, guard, shares);
  await announce(input, memory, guardNow, sharesNow.marked);
  return decided(input, guardNow, sharesNow);
}

/** How many entities are gone, and whether the source itself named one. */
async function countGone(store: StagingStore, found: readonly ManifestEntry[]): Promise<[number, boolean]> {
  let gone = 0;
  let named = false;
  for (const entry of found) {
    for (const line of await goneIn(store, entry)) {
      gone += line.entities;
      named ||= line.named === true;
    }
  }
  return [gone, named];
}

function pick({ maxDeletedPercent, remembers }: DecideInput): Pick<GuardInput, 'maxDeletedPercent' | 'remembers'> {
  return { maxDeletedPercent, remembers };
}

/** What stands by all that is known, with what this run said before its staging store was lost. */
async function standingNow(
  input: DecideInput,
  { settled, beside }: KnownStanding
): Promise<Pick<GuardInput, 'stood' | 'marked' | 'beside'>> {
  const { earlier, run } = input;
  const isOwn = earlier?.run === run;
  const base = settled ?? (isOwn ? beforeOwn(earlier) : earlier);
  const marked = (base?.marked ?? 0) + beside + ownBefore(input);
  return { stood: base?.stood ?? (await countService(input)), marked, beside };
}

/** What this run may have marked before its staging store was lost. */
function ownBefore({ earlier, run }: DecideInput): number {
  return earlier?.run === run ? (earlier.own ?? 0) : 0;
}

function announce(input: DecideInput, memory: DeletionMemory, guard: GuardInput, marked: number): Promise<boolean> {
  const own = ownBefore(input) + marked;
  return memory.announce({
    stood: guard.stood,
    marked: settledIn(guard, marked) + marked,
    rights: input.earlier?.rights ?? {},
    own,
    run: input.run,
  });
}

/** Marked by others. What one under way holds back in the end is none of it, so a run that marks nothing leaves that out. */
function settledIn({ marked, beside }: GuardInput, own: number): number {
  return own > 0 ? marked : marked - beside;
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
  return { stood: guard.stood, before: settledIn(guard, marked), allowed, marked };
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
