import type { Merged } from '../contract/merged.js';
import { Connections, MeasureSources } from '../run-context/index.js';
import { KIND_WORK } from './kinds.generated.js';
import { ParserPools } from './lineage/parser-pools.js';
import type { ActivityDeps, Shared } from './run/activity-deps.js';
import { explainEntityActivity } from './run/explain-entity.js';
import { failRunActivity } from './run/fail-run.js';
import { finishRunActivity } from './run/finish-run.js';
import { journalPageActivity } from './run/journal-page.js';
import type { ActivityFactories } from './run/kind-work.js';
import { prepareRunActivity } from './run/prepare-run.js';
import { removeStagedActivity } from './run/remove-staged.js';
import { RunWatch } from './run/run-watch.js';
import { runsOverActivity } from './run/runs-over.js';
import { sayAlive } from './run/say-alive.js';

export { workOf } from './work-of.js';
export type { ActivityDeps } from './run/activity-deps.js';
export type { CheckedFile, PlanOptions, RecipePlan } from './run/kind-commands.js';
export { otherServiceType } from './run/database-service.js';
export { Connections } from '../run-context/index.js';
export { StageInterceptor, type TellRuns } from './run/stage-interceptor.js';

/** What runs of all kinds do, and what workers are asked for outside runs. */
const OF_ALL_KINDS = {
  prepareRun: prepareRunActivity,
  finishRun: finishRunActivity,
  removeStaged: removeStagedActivity,
  failRun: failRunActivity,
  journalPage: journalPageActivity,
  explainEntity: explainEntityActivity,
  runsOver: runsOverActivity,
  sayAlive: () => sayAlive,
};

type OfKinds = (typeof KIND_WORK)[keyof typeof KIND_WORK]['activities'];
type Bound<Factories> = {
  readonly [Name in keyof Factories]: Factories[Name] extends (shared: Shared) => infer Activity ? Activity : never;
};

/** Activity names and signatures, as workflows call them. The names are part of running histories and never change. */
export type Activities = Bound<typeof OF_ALL_KINDS & Merged<OfKinds>>;

function bind(shared: Shared): Activities {
  const factories: readonly ActivityFactories[] = [
    OF_ALL_KINDS,
    ...Object.values(KIND_WORK).map(({ activities }) => activities),
  ];
  const bound = factories.flatMap((some) => Object.entries(some).map(([name, make]) => [name, make(shared)] as const));
  // the compiler can't follow names through entries
  return Object.fromEntries(bound) as unknown as Activities;
}

export interface BoundActivities {
  readonly functions: Activities;
  /** For each worker's `StageInterceptor`. */
  readonly watch: RunWatch;
  /** For the same: after a refused login, which of the run's secrets have changed since it read them. */
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
