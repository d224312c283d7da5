import { ONE, STAGES } from '../../contract/stage-names.js';
import type { StageResult, UnitInput } from '../../contract/run-plan.js';
import { mayKeepRows, runUnit, stagedTests } from '../../data-quality/index.js';
import { resultOf } from '../metadata/open-stage.js';
import type { Shared } from '../run/activity-deps.js';
import { inStage, stageRun } from '../run/stage-context.js';
import { openQualityStage } from './open-quality-stage.js';

/** Runs the tests of one unit and stages their results. */
export function runTestsActivity(shared: Shared): (input: UnitInput) => Promise<StageResult> {
  return (input) =>
    inStage(async (context) => {
      const { store } = shared;
      const { signal, wait } = context;
      const stage = await openQualityStage(shared, input, context);
      const line = await stagedTests(store, stage.slice(STAGES.tests, ONE), input.unit);
      const storeSamples = await mayKeepRows(stage.client, context.recorder, signal);
      const manifest = await stage.withServices(input.unit, (services) =>
        runUnit({
          ...stageRun(store, context),
          line,
          to: stage.slice(STAGES.testResults, String(input.unit)),
          services,
          client: stage.client,
          config: stage.config,
          startedAt: input.identity.startedAt,
          storeSamples,
          signal,
          wait,
        })
      );
      return resultOf(manifest);
    });
}
