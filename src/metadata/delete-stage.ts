import type { PartReport } from '../report/index.js';
import { countsOf } from '../report/index.js';
import { toLines, type ManifestEntry, type StagingStore } from '../staging/index.js';
import { allowedDeletions, reportHeldBack, type GuardInput } from './deletion-guard.js';
import { countService, goneInUnits, goneScopes, type FindGoneInput } from './find-gone.js';
import { markGone } from './mark-gone.js';
import { decision, goneLine, type Decision, type GoneLine } from './staged-deletion.js';
import { nothingGone } from './staged-record.js';
import { unitGroups } from './units-of-scopes.js';
import { VisibilityGate, type VisibilityGateInput } from './visibility-gate.js';

export interface DeleteStageInput extends VisibilityGateInput, Omit<FindGoneInput, 'gate' | 'stages'> {
  readonly stages: {
    readonly scopes: string;
    readonly publishedScopes: string;
    readonly extract: string;
    readonly publish: string;
    readonly deleted: string;
  };
  readonly maxDeletedPercent: number | undefined;
  readonly takeFacts: () => PartReport;
  readonly onProgress: () => void;
}

/** Slice of the stage: all of its steps. Older versions wrote another one. */
export const DELETIONS = 'deletions';

/** The part behind the last unit: schemas and databases. */
const SCOPES = 'scopes';
type Part = number | typeof SCOPES;

/**
 * Marks deleted what whole listings of this run did not show: tables and procedures of each schema, then schemas, then databases, as the
 * recipe's flags say. First everything that is gone is found, part by part, and staged; then the guard decides over all of it; then it is
 * marked. Parts of which publishing found that nothing is gone are passed over. One manifest entry for each step: a retry resumes after the
 * last one.
 */
export async function deleteStage(input: DeleteStageInput): Promise<void> {
  const { store, run, stages } = input;
  const groups = unitGroups(await store.manifest({ run, stage: stages.scopes, slice: '0' }));
  const parts = await partsToLookAt(input, groups);
  const to = { run, stage: stages.deleted, slice: DELETIONS };
  const done = await store.manifest(to);
  const steps = 2 * parts.length + 1;
  let n = 0;
  const step = async (
    work: () => Promise<{ lines?: readonly GoneLine[]; position?: Decision }>
  ): Promise<ManifestEntry> => {
    const before = done[n];
    if (before !== undefined) {
      n += 1;
      return before;
    }
    const { lines = [], position } = await work();
    const entry = await store.commit(to, {
      n,
      lines: toLines(lines),
      ...(position === undefined ? {} : { position }),
      facts: input.takeFacts(),
      last: n === steps - 1,
    });
    n += 1;
    input.onProgress();
    return entry;
  };

  const finding = { ...input, gate: new VisibilityGate(input) };
  const found: ManifestEntry[] = [];
  for (const part of parts)
    found.push(
      await step(async () => ({
        lines: await (part === SCOPES ? goneScopes(finding) : goneInUnits(finding, groups[part] ?? [])),
      }))
    );
  const decided = decision.parse((await step(async () => ({ position: await decide(input, found) }))).position);
  const marking = { ...input, gate: new VisibilityGate(input) };
  const budget = new Budget(decided.allowed);
  for (const entry of found) {
    const lines = (await linesOf(store, entry)).filter((line) => budget.take(line));
    await step(async () => {
      await markGone(marking, lines);
      return {};
    });
  }
}

/**
 * Units in which something may be gone, in order, and the scopes; the same for every attempt, since publishing is over. The units of one
 * schema are one part, by their group's number.
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
    for (const line of await linesOf(input.store, entry)) {
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
  const budget = new Budget(allowed);
  const held: GoneLine[] = [];
  for (const entry of found)
    for (const line of await linesOf(input.store, entry)) if (!budget.take(line)) held.push(line);
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

async function linesOf(store: StagingStore, entry: ManifestEntry): Promise<GoneLine[]> {
  return Array.from(await store.read(entry), (value) => goneLine.parse(value));
}

/** Takes lines in their order as long as they fit, each with all that it holds. */
class Budget {
  #taken = 0;

  constructor(private readonly allowed: number) {}

  take({ entities }: GoneLine): boolean {
    if (this.#taken + entities > this.allowed) return false;
    this.#taken += entities;
    return true;
  }

  get taken(): number {
    return this.#taken;
  }
}

/** What the deletion stage of a run decided; undefined when nothing was gone. */
export async function decidedDeletions(
  store: StagingStore,
  run: string,
  deleted: string
): Promise<Decision | undefined> {
  for (const { position } of await store.manifest({ run, stage: deleted, slice: DELETIONS })) {
    const found = decision.safeParse(position);
    if (found.success) return found.data;
  }
  return undefined;
}
