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
import type { Catalog } from './catalog.js';
import { countMarked } from './count-marked.js';
import { decideDeletions, type DeletionMemory } from './decide-deletions.js';
import { goneInUnits, goneScopes, type FindGoneInput } from './find-gone.js';
import { labelOf, listedDatabases } from './listed-databases.js';
import { markGone } from './mark-gone.js';
import { DeletionBudget } from './deletion-budget.js';
import { reasonText } from './reason-text.js';
import { decision, deletionLine, goneIn, isGone, type Decision, type HeldLine } from './staged-deletion.js';
import { nothingGone } from './staged-record.js';
import { standingOfLabel } from './standing-of-label.js';
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
  /** Absent without a pipeline, and where nothing is written. */
  readonly memory?: DeletionMemory | undefined;
}

/** Slices of the stage, one after another: what is gone, the guard's decision about all of it, what is marked. */
const [GONE, DECIDED, MARKED] = ['gone', 'decided', 'marked'] as const;
export const DELETIONS = [GONE, DECIDED, MARKED] as const;

/** The part after the last unit: schemas and databases. */
const SCOPES = 'scopes';
type Part = number | typeof SCOPES;

/**
 * Marks deleted what whole listings of this run did not show: tables and procedures of each schema, then schemas, then
 * databases, as the recipe's flags say. First everything that is gone is found, part by part, and staged; then the
 * guard decides about all of it, and its decision is staged; only then is anything marked, part by part. Parts where
 * publishing found that nothing is gone are skipped.
 */
export async function deleteStage(input: DeleteStageInput): Promise<void> {
  const { store, run, stages } = input;
  const slice = (name: string): SliceAddress => ({ run, stage: stages.deleted, slice: name });
  const groups = unitGroups(await store.manifest({ run, stage: stages.scopes, slice: '0' }));
  const parts = await partsToLookAt(input, groups);
  const held: HeldLine[] = [];
  const onHeld = (fqn: string, reason: string): number => held.push({ kind: 'held', fqn, reason: reasonText(reason) });
  const earlier = standingOfLabel(input.earlier, labelOf(await listedDatabases(input)));
  const finding = { ...input, gate: new VisibilityGate({ ...input, earlier, onHeld }) };
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
    work: async () => ({ position: await decideDeletions(input, found) }),
  });
  const { allowed } = decision.parse((await store.manifest(slice(DECIDED))).at(0)?.position);
  const marking = { ...input, gate: new VisibilityGate({ ...input, earlier }) };
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

/** Steps for which no chunk is read. */
function numbered(length: number): ChunkFeed {
  return { length, get: async (n) => (n < length ? { entry: { n, last: n === length - 1 } } : undefined) };
}

/** What earlier attempts have done of it. */
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
 * All units of one schema are one part, by the number of their group.
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

/**
 * What the deletion stage of a run decided, and how many entities it marked of these, with all that they hold;
 * undefined when it did not get that far.
 * @param catalog asked about what a run that did not reach its end was just marking; absent for one that did
 */
export async function decidedDeletions(
  store: StagingStore,
  run: string,
  deleted: string,
  catalog?: Pick<Catalog, 'find'>
): Promise<Decision | undefined> {
  const slice = (name: string): SliceAddress => ({ run, stage: deleted, slice: name });
  const [entry] = await store.manifest(slice(DECIDED));
  if (entry === undefined) return undefined;
  const decided = decision.parse(entry.position);
  const slices = { gone: slice(GONE), marked: slice(MARKED) };
  return { ...decided, marked: await countMarked(store, slices, decided.allowed, catalog) };
}
