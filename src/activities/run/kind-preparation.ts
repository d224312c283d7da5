import type { RunIdentity, RunPlan } from '../../contract/run-plan.js';
import type { EntityReference, OpenMetadataClient } from '../../openmetadata/index.js';
import type { Recipe } from '../../recipe/index.js';
import type { StagedRecipe } from '../../run-context/index.js';
import type { Shared } from './activity-deps.js';
import type { StageContext } from './stage-context.js';

/** What prepareRun gives the run's kind. */
export interface RunInPreparation<R extends Recipe> {
  readonly shared: Shared;
  readonly staged: StagedRecipe<R>;
  readonly recipe: R;
  readonly identity: RunIdentity;
  readonly client: OpenMetadataClient;
  readonly context: StageContext;
}

/** What the run's ingestion pipeline belongs to. */
export interface PipelineOwner {
  readonly reference: EntityReference;
  /** OpenMetadata's type of the service, if the owner is one. */
  readonly serviceType?: string;
}

/** A kind's own part of the plan and of what is staged. */
export interface KindShare {
  readonly plan: Pick<RunPlan, 'threads'> & Partial<Pick<RunPlan, 'lineage'>>;
  readonly staged?: Pick<StagedRecipe, 'changedSince'>;
}

/** What a kind does while its run is being prepared. */
export interface KindPreparation<R extends Recipe> {
  /**
   * Finds the owner of the pipeline, or creates it if the kind does so: `databaseServiceOf` for kinds of a database
   * service.
   */
  owner(run: RunInPreparation<R>): Promise<PipelineOwner>;
  /**
   * Whether the run connects to its service's source. If so, a missing connection or secret ends it before it reads
   * anything.
   */
  opensSource(recipe: R): boolean;
  /** Looks at the source after the run is reported as running. */
  prepare(run: RunInPreparation<R>): Promise<KindShare>;
}
