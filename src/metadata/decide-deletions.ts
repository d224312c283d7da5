import { countsOf, type PartRecorder, type PartReport } from '../report/index.js';
import type { ManifestEntry, StagingStore } from '../staging/index.js';
import type { Catalog } from './catalog.js';
import { DeletionBudget } from './deletion-budget.js';
import { allowedDeletions, reportHeldBack, type GuardInput } from './deletion-guard.js';
import { countDatabases } from './find-gone.js';
import { labelOf, listedDatabases } from './listed-databases.js';
import { goneIn, type Decision, type GoneLine } from './staged-deletion.js';
import { standingOfLabel } from './standing-of-label.js';
import { labelled } from './standing.js';
import type { Standing } from './standing-fact.js';
import { beforeOwn, type KnownStanding } from './standing-of-runs.js';

/** What runs of a pipeline know of each other's deletions while they are under way. */
export interface DeletionMemory {
  /** What stands by the other runs, of the label alone; undefined when it can't be read. */
  look(label: string | undefined): Promise<KnownStanding | undefined>;
  /** Tells the other runs what stands once this one has marked, before it marks; false when it is not told. */
  announce(next: Standing): Promise<boolean>;
}

export interface DecideInput {
  readonly service: string;
  readonly store: StagingStore;
  readonly run: string;
  readonly stages: { readonly scopes: string; readonly extract: string };
  readonly catalog: Catalog;
  readonly recorder: PartRecorder;
  /** What an earlier run of the pipeline left when this one began, of this label or another. */
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
export async function decideDeletions(given: DecideInput, found: readonly ManifestEntry[]): Promise<Decision> {
  const { memory } = given;
  const { gone, named, databases } = await countGone(given.store, found);
  if (gone === 0) return { stood: 0, before: 0, allowed: 0, marked: 0 };
  const input = await withLabel(given, databases);
  const known = (await memory?.look(input.label)) ?? { settled: undefined, beside: 0 };
  const standing = await standingNow(input, known);
  const showsNothing = !named && !(await showsSomething(input));
  const guard: GuardInput = { ...standing, gone, showsNothing, ...pick(input) };
  const shares = await sharesOf(input, guard, found);
  if (shares.marked === 0 || memory === undefined) return decided(input, guard, shares);
  const told = await announce(input, memory, guard, shares.marked);
  const again = told ? await memory.look(input.label) : undefined;
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

interface Labelled extends DecideInput {
  readonly label: string | undefined;
  /** What an earlier run left of this label. */
  readonly own: Standing | undefined;
  /** FQNs of the databases that the source shows, and of those that are gone. */
  readonly databases: ReadonlySet<string>;
}

async function withLabel(input: DecideInput, gone: readonly string[]): Promise<Labelled> {
  const listed = await listedDatabases(input);
  const label = labelOf(listed);
  return { ...input, label, own: standingOfLabel(input.earlier, label), databases: new Set([...listed, ...gone]) };
}

interface GoneCount {
  /** How many entities. */
  readonly gone: number;
  /** The source itself named one. */
  readonly named: boolean;
  /** FQNs of those that are databases. */
  readonly databases: readonly string[];
}

async function countGone(store: StagingStore, found: readonly ManifestEntry[]): Promise<GoneCount> {
  let gone = 0;
  let named = false;
  const databases: string[] = [];
  for (const entry of found) {
    for (const line of await goneIn(store, entry)) {
      gone += line.entities;
      named ||= line.named === true;
      if (line.kind === 'databases') databases.push(line.fqn);
    }
  }
  return { gone, named, databases };
}

function pick({ maxDeletedPercent, remembers }: DecideInput): Pick<GuardInput, 'maxDeletedPercent' | 'remembers'> {
  return { maxDeletedPercent, remembers };
}

/** What stands by all that is known, with what this run said before its staging store was lost. */
async function standingNow(
  input: Labelled,
  { settled, beside }: KnownStanding
): Promise<Pick<GuardInput, 'stood' | 'marked' | 'beside'>> {
  const { own, run, databases } = input;
  const isOwn = own?.run === run;
  const base = settled ?? (isOwn ? beforeOwn(own) : own);
  const marked = (base?.marked ?? 0) + beside + ownBefore(input);
  const stood = base?.stood ?? 0;
  // 0 also when no run before this one saw all of it.
  return { stood: stood > 0 ? stood : await countDatabases(input, databases), marked, beside };
}

/** What this run may have marked before its staging store was lost. */
function ownBefore({ own, run }: Labelled): number {
  return own?.run === run ? (own.own ?? 0) : 0;
}

function announce(input: Labelled, memory: DeletionMemory, guard: GuardInput, marked: number): Promise<boolean> {
  const own = ownBefore(input) + marked;
  const next: Standing = {
    stood: guard.stood,
    marked: settledIn(guard, marked) + marked,
    rights: input.own?.rights ?? {},
    own,
    run: input.run,
  };
  return memory.announce(labelled(next, input.label, input.earlier));
}

/**
 * Marked by others. What one under way holds back in the end is none of it, so a run that marks nothing leaves that
 * out.
 */
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
