import type { ActivityDeps, Shared } from './run/activity-deps.js';
import { Connections, MeasureSources } from '../run-context/index.js';
import { addForeignKeysActivity } from './metadata/add-foreign-keys.js';
import { extractUnitActivity } from './metadata/extract-unit.js';
import { listTestsActivity } from './data-quality/list-tests.js';
import { publishResultsActivity } from './data-quality/publish-results.js';
import { runTestsActivity } from './data-quality/run-tests.js';
import { explainEntityActivity } from './run/explain-entity.js';
import { journalPageActivity } from './run/journal-page.js';
import { failRunActivity } from './run/fail-run.js';
import { finishRunActivity } from './run/finish-run.js';
import { mergeLineageActivity } from './lineage/merge-lineage.js';
import { parseLineageActivity } from './lineage/parse-lineage.js';
import { ParserPools } from './lineage/parser-pools.js';
import { planWindowsActivity } from './lineage/plan-windows.js';
import { publishLineageActivity } from './lineage/publish-lineage.js';
import { markViewsProcessedActivity, removeViewLineageActivity } from './lineage/view-lineage.js';
import { readLogActivity } from './lineage/read-log.js';
import { stageViewsActivity } from './lineage/stage-views.js';
import { listScopesActivity } from './metadata/list-scopes.js';
import { markDeletedActivity } from './metadata/mark-deleted.js';
import { listProfiledTablesActivity } from './profiler/list-profiled-tables.js';
import { profileUnitActivity } from './profiler/profile-unit.js';
import { rememberProfilesActivity } from './profiler/remember-profiles.js';
import { prepareRunActivity } from './run/prepare-run.js';
import { publishScopesActivity } from './metadata/publish-scopes.js';
import { publishUnitActivity } from './metadata/publish-unit.js';
import { RunWatch } from './run/run-watch.js';
import { runsOverActivity } from './run/runs-over.js';
import { sayAlive } from './run/say-alive.js';
import { removeStagedActivity } from './run/remove-staged.js';
import { aggregateUsageActivity } from './usage/aggregate-usage.js';
import { parseUsageActivity } from './usage/parse-usage.js';
import { planUsageWindowsActivity } from './usage/plan-usage-windows.js';
import { publishUsageActivity } from './usage/publish-usage.js';
import { readUsageActivity } from './usage/read-usage.js';

export type { ActivityDeps } from './run/activity-deps.js';
export { Connections } from '../run-context/index.js';
export { lookBack } from './metadata/incremental.js';
export { statementTimeoutMs } from './profiler/open-profiler-stage.js';
export { metadataOptions } from './metadata/open-stage.js';
export { StageInterceptor, type TellRuns } from './run/stage-interceptor.js';

function bind(shared: Shared) {
  return {
    prepareRun: prepareRunActivity(shared),
    listScopes: listScopesActivity(shared),
    publishScopes: publishScopesActivity(shared),
    extractUnit: extractUnitActivity(shared),
    publishUnit: publishUnitActivity(shared),
    addForeignKeys: addForeignKeysActivity(shared),
    markDeleted: markDeletedActivity(shared),
    stageViews: stageViewsActivity(shared),
    planWindows: planWindowsActivity(shared),
    readLog: readLogActivity(shared),
    parseLineage: parseLineageActivity(shared),
    mergeLineage: mergeLineageActivity(shared),
    removeViewLineage: removeViewLineageActivity(shared),
    publishLineage: publishLineageActivity(shared),
    listProfiledTables: listProfiledTablesActivity(shared),
    profileUnit: profileUnitActivity(shared),
    rememberProfiles: rememberProfilesActivity(shared),
    planUsageWindows: planUsageWindowsActivity(shared),
    readUsage: readUsageActivity(shared),
    parseUsage: parseUsageActivity(shared),
    aggregateUsage: aggregateUsageActivity(shared),
    publishUsage: publishUsageActivity(shared),
    markViewsProcessed: markViewsProcessedActivity(shared),
    listTests: listTestsActivity(shared),
    runTests: runTestsActivity(shared),
    publishResults: publishResultsActivity(shared),
    finishRun: finishRunActivity(shared),
    removeStaged: removeStagedActivity(shared),
    failRun: failRunActivity(shared),
    journalPage: journalPageActivity(shared),
    explainEntity: explainEntityActivity(shared),
    runsOver: runsOverActivity(shared),
    sayAlive,
  };
}

/** Activity names and signatures, as workflows call them. The names are part of running histories and never change. */
export type Activities = ReturnType<typeof bind>;

export interface BoundActivities {
  readonly functions: Activities;
  /** To be given to each worker's `StageInterceptor`. */
  readonly watch: RunWatch;
  /** To be given to the same: after a refused login, what of the run's secrets has changed since it read them. */
  readonly changedSecrets: (run: string) => Promise<readonly string[]>;
  /** Closes the connections that activities share. */
  close(): Promise<void>;
}

export function createActivities(deps: ActivityDeps): BoundActivities {
  const connections = new Connections(deps);
  const parsers = new ParserPools();
  const measures = new MeasureSources();
  const shared: Shared = { ...deps, connections, parsers, measures };
  return {
    functions: bind(shared),
    watch: new RunWatch(shared),
    changedSecrets: (run) => connections.changedSecrets(run),
    close: async () => {
      await parsers.close();
      await measures.close();
      await connections.close();
    },
  };
}
