import { JOURNAL, type JournalLine } from '../../contract/journal.js';
import type { PartReport } from '../../contract/part-report.js';
import type { RunIdentity } from '../../contract/run-plan.js';
import { ONE } from '../../contract/stage-names.js';
import type { Recipe } from '../../recipe/index.js';
import type { StagedRecipe } from '../../run-context/index.js';
import type { SliceAddress, StagingStore, StateAddress, StateVersion } from '../../staging/index.js';
import type { Shared } from './activity-deps.js';
import type { KindCommands } from './kind-commands.js';
import type { KindPreparation } from './kind-preparation.js';
import type { StageContext } from './stage-context.js';

/** What is done for recipes and runs of a kind outside its workflow. */
export interface KindWork<R extends Recipe> {
  readonly preparation: KindPreparation<R>;
  /** `om-ingest check` and `plan`, in their own process. */
  readonly commands: KindCommands<R>;
  /** What its run did, entity by entity, read from what it staged: one journal, or several. */
  journals(ended: EndedRun<R>): AsyncIterable<RunJournal>;
  /** Leaves to the next run of the pipeline what it needs, once this one has reached its end by itself. */
  leave?(store: StagingStore, run: string, staged: StagedRecipe, part: PartReport): Promise<void>;
  /** The same for one that was cancelled or failed. It throws nothing: such a run has to come to its end. */
  leaveEarly?(
    store: StagingStore,
    recipe: R,
    identity: Pick<RunIdentity, 'pipelineRunId' | 'startedAt'>,
    context: Pick<StageContext, 'recorder'>
  ): Promise<void>;
  /** Its stages, by the name that its workflow calls. Names are part of running histories and never change. */
  readonly activities: ActivityFactories;
}

export type ActivityFactories = Readonly<Record<string, (shared: Shared) => (...input: never[]) => Promise<unknown>>>;

export interface RunJournal {
  readonly address: StateAddress;
  readonly lines: AsyncIterable<JournalLine>;
}

/** Where the journal stands of kinds that have one for all of a service. */
export function serviceJournal({ kind, source }: Recipe): StateAddress {
  return { service: source.serviceName, kind, name: JOURNAL };
}

/** A run whose staged slices are still there. */
export interface EndedRun<R extends Recipe> extends StateVersion {
  readonly store: StagingStore;
  readonly recipe: R;
}

/** The address of a slice of the run; by default of a stage that has one only. */
export function sliceOf({ run }: StateVersion, stage: string, slice = ONE): SliceAddress {
  return { run, stage, slice };
}
