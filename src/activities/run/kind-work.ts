import { JOURNAL, type JournalLine } from '../../contract/journal.js';
import type { PartReport } from '../../contract/part-report.js';
import { ONE } from '../../contract/stage-names.js';
import type { OpenMetadataClient } from '../../openmetadata/index.js';
import type { Recipe } from '../../recipe/index.js';
import type { StagedRecipe } from '../../run-context/index.js';
import type { SliceAddress, StagingStore, StateAddress, StateVersion } from '../../staging/index.js';
import type { Shared } from './activity-deps.js';
import type { KindCommands } from './kind-commands.js';
import type { KindPreparation } from './kind-preparation.js';
import type { StageContext } from './stage-context.js';

/** The work for recipes and runs of a kind outside its workflow. */
export interface KindWork<R extends Recipe> {
  readonly preparation: KindPreparation<R>;
  /** `om-ingest check` and `plan`, which run in their own process. */
  readonly commands: KindCommands<R>;
  /** What a run did, entity by entity, from what it staged: one journal or several. */
  journals(ended: EndedRun<R>): AsyncIterable<RunJournal>;
  /** Leaves to the pipeline's next run what it needs, when this one reached its end by itself. */
  leave?(store: StagingStore, run: string, staged: StagedRecipe, part: PartReport): Promise<void>;
  /** The same for one that was cancelled or failed. Never throws: such a run has to reach its end too. */
  leaveEarly?(ended: EarlyEnd): Promise<void>;
  /** The stages, by the names their workflow calls. Names are part of running histories and never change. */
  readonly activities: ActivityFactories;
}

/** A run that did not reach its end; its staged slices may be gone. */
export interface EarlyEnd extends StateVersion, Pick<StageContext, 'recorder' | 'signal'> {
  readonly store: StagingStore;
  readonly recipe: Recipe;
  readonly client: OpenMetadataClient;
}

export type ActivityFactories = Readonly<Record<string, (shared: Shared) => (...input: never[]) => Promise<unknown>>>;

export interface RunJournal {
  readonly address: StateAddress;
  readonly lines: AsyncIterable<JournalLine>;
}

/** Where the journal is kept, for kinds that have one for a whole service. */
export function serviceJournal({ kind, source }: Recipe): StateAddress {
  return { service: source.serviceName, kind, name: JOURNAL };
}

/** A run whose staged slices still exist. */
export interface EndedRun<R extends Recipe> extends StateVersion {
  readonly store: StagingStore;
  readonly recipe: R;
}

/** The address of a slice of the run; by default, of a stage that has only one. */
export function sliceOf({ run }: StateVersion, stage: string, slice = ONE): SliceAddress {
  return { run, stage, slice };
}
