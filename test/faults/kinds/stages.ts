import type { WorkflowKind } from '../../../src/contract/kinds.js';
import { STAGES, type StageName } from '../../../src/contract/stage-names.js';

/**
 * Where a fault meets a run: at a statement on the source, between reading and writing, at a call that writes to the
 * catalog.
 */
export const MOMENTS = ['reads', 'works', 'publishes'] as const;
export type Moment = (typeof MOMENTS)[number];

/** What has been staged when a run is between reading and writing. */
export const STAGED_WORK: Readonly<Record<WorkflowKind, StageName>> = {
  metadata: STAGES.scopes,
  lineage: STAGES.queries,
  usage: STAGES.parsed,
  profiler: STAGES.profiledTables,
  'data-quality': STAGES.tests,
};
