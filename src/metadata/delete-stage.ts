import type { PartReport } from '../report/index.js';
import { countsOf } from '../report/index.js';
import {
  toLines,
  transformStage,
  wholeSlices,
  type ChunkFeed,
  type ManifestEntry,
  type SliceAddress,
  type StageRun,
  type StagingStore,
} from '../staging/index.js';
import { allowedDeletions, reportHeldBack, type GuardInput } from './deletion-guard.js';
import { countService, goneInUnits, goneScopes, type FindGoneInput } from './find-gone.js';
import { markGone } from './mark-gone.js';
import { DeletionBudget } from './deletion-budget.js';
import { reasonText } from './reason-text.js';
import {
  decision,
  deletionLine,
  type Decision,
  type DeletionLine,
  type GoneLine,
  type HeldLine,
} from './staged-deletion.js';
import { nothingGone } from './staged-record.js';
import { unitGroups } from './units-of-scopes.js';
import { VisibilityGate, type VisibilityGateInput } from './visibility-gate.js';

export interface DeleteStageInput extends StageRun, VisibilityGateInput, Omit<FindGoneInput, 'gate' | 'stages'> {
  readonly stages: {
    readonly scopes: string;
    readonly publishedScopes: string;
    readonly extract: string;
    readonly publish: string;
    readonly deleted: string;
  };
  readonly maxDeletedPercent: number | undefined;
}

/** Slices of the stage, one after the other: what is gone, the guard's word about all of it, what is marked. */
const [GONE, DECIDED, MARKED] = ['gone', 'decided', 'marked'] as const;
export const DELETIONS = [GONE, DECIDED, MARKED] as const;

/** The part behind the last unit: schemas and databases. */
const SCOPES = 'scopes';
type Part = number | typeof SCOPES;

/**
 * Marks deleted what whole listings of this run did not show: tables and procedures of each schema, then schemas, then
 * databases, as the recipe's flags say. First everything that is gone is found, part by part, and staged; then the
 * guard decides over all of it, which is staged before anything is marked; then it is marked, part by part. Parts of
 * which publishing found that nothing is gone are passed over.
 */
export async function deleteStage(input: DeleteStageInput): Promise<void> {
  const { store, run, stages } = input;
  const slice = (name: string): SliceAddress => ({ run, stage: stages.deleted, slice: name });
  const groups = unitGroups(await store.manifest({ run, stage: stages.scopes, slice: '0' }));
  const parts = await partsToLookAt(input, groups);
  const held: HeldLine[] = [];
  const onHeld = (fqn: string, reason: string): number => held.push({ kind: 'held', fqn, reason: reasonText(reason) });
  const finding = { ...input, gate: new VisibilityGate({ ...input, onHeld }) };
  await transformStage(input, {
    from: numbered(parts.length),
    to: slice(GONE),
    parse: String,
    work: async ({ n }) => {
      const part = parts[n] ?? SCOPES;
      const lines = part === SCOPES ? await goneScopes(finding) : await goneInUnits(finding, groups[part] ?? []);
      return { lines: toLines([...lines, ...held.splice(0)]) };
    },
  });
  const found = await store.manifest(slice(GONE));
  await transformStage(input, {
    from: numbered(1),
    to: slice(DECIDED),
    parse: String,
    work: async () => ({ position: await decide(input, found) }),
  });
  const { allowed = 0 } = (await decidedDeletions(store, run, stages.deleted)) ?? {};
  const marking = { ...input, gate: new VisibilityGate(input) };
  let budget: DeletionBudget | undefined;
  await transformStage(input, {
    from: wholeSlices([found]),
    to: slice(MARKED),
    parse: (line) => deletionLine.parse(JSON.parse(line.toString())),
    work: async ({ n, records }) => {
      const left = (budget ??= await budgetBehind(store, allowed, found.slice(0, n)));
      const marked = await markGone(
        marking,
        records.filter(isGone).filter((line) => left.take(line))
      );
      return { lines: toLines(marked.map((fqn) => ({ kind: 'marked', fqn }))) };
    },
  });
}

/** Steps that no chunk is read for. */
function numbered(length: number): ChunkFeed {
  return { length, get: async (n) => (n < length ? { entry: { n, last: n === length - 1 } } : undefined) };
}

/** What earlier attempts left of it. */
async function budgetBehind(
  store: StagingStore,
  allowed: number,
  marked: readonly ManifestEntry[]
): Promise<DeletionBudget> {
  const budget = new DeletionBudget(allowed);
  for (const entry of marked) for (const line of await goneIn(store, entry)) budget.take(line);
  return budget;
}

/**
 * Units in which something may be gone, in order, and the scopes; the same for every attempt, since publishing is over.
 * The units of one schema are one part, by their group's number.
 */
async function partsToLookAt(
  { store, run, stages }: DeleteStageInput,
  groups: readonly (readonly number[])[]
): Promise<Part[]> {
  const wanted: Part[] = [];
  for (const [group, units] of groups.entries()) {
    for (const unit of units) {
      if (nothingGone(await store.manifest({ run, stage: stages.publish, slice: String(unit) }))) continue;
      wanted.push(group);
      break;
    }
  }
  const scopes = await store.manifest({ run, stage: stages.publishedScopes, slice: '0' });
  return nothingGone(scopes) ? wanted : [...wanted, SCOPES];
}

/** What may be marked of all that is gone; what may not is reported. */
async function decide(input: DeleteStageInput, found: readonly ManifestEntry[]): Promise<Decision> {
  const { earlier, service, recorder, maxDeletedPercent } = input;
  let gone = 0;
  let named = false;
  for (const entry of found) {
    for (const line of await goneIn(input.store, entry)) {
      gone += line.entities;
      named ||= line.named === true;
    }
  }
  if (gone === 0) return { stood: 0, allowed: 0, marked: 0 };
  const guard: GuardInput = {
    stood: earlier?.stood ?? (await countService(input)),
    marked: earlier?.marked ?? 0,
    gone,
    showsNothing: !named && !(await showsSomething(input)),
    maxDeletedPercent,
  };
  const allowed = allowedDeletions(guard);
  const budget = new DeletionBudget(allowed);
  const held: GoneLine[] = [];
  for (const entry of found)
    for (const line of await goneIn(input.store, entry)) if (!budget.take(line)) held.push(line);
  const [first] = held;
  if (first !== undefined) {
    const count = held.reduce((sum, line) => sum + line.entities, 0);
    reportHeldBack(recorder, guard, { count, first: first.fqn, service });
  }
  return { stood: guard.stood, allowed, marked: budget.taken };
}

/** Whether the run's listings have any table or procedure, left out or not. */
async function showsSomething({ store, run, stages }: DeleteStageInput): Promise<boolean> {
  for (const slice of await store.slices(run, stages.extract)) {
    for (const { facts } of await store.manifest({ run, stage: stages.extract, slice })) {
      // Facts are written by this program's own stages.
      const { records, filtered } = countsOf(facts as PartReport, 'source');
      if (records + filtered > 0) return true;
    }
  }
  return false;
}

async function goneIn(store: StagingStore, entry: ManifestEntry): Promise<GoneLine[]> {
  return Array.from(await store.read(entry), (value) => deletionLine.parse(value)).filter(isGone);
}

function isGone(line: DeletionLine): line is GoneLine {
  return line.kind !== 'held' && line.kind !== 'marked';
}

/** What the deletion stage of a run decided; undefined when it did not come so far. */
export async function decidedDeletions(
  store: StagingStore,
  run: string,
  deleted: string
): Promise<Decision | undefined> {
  const [entry] = await store.manifest({ run, stage: deleted, slice: DECIDED });
  return entry === undefined ? undefined : decision.parse(entry.position);
}
