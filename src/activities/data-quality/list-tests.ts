import { ONE, STAGES } from '../../contract/stage-names.js';
import type { UnitsResult, StageInput } from '../../contract/run-plan.js';
import { listTests } from '../../data-quality/index.js';
import { resultOf } from '../metadata/open-stage.js';
import type { Shared } from '../run/activity-deps.js';
import { inStage, stageRun } from '../run/stage-context.js';
import { openQualityStage } from './open-quality-stage.js';

export interface ListTestsActivityInput extends StageInput {
  /** Names of cases, definitions or tables; empty: all. */
  readonly only: readonly string[];
}

/** Stages the tests of the run: a unit for each table and for each comparison of tables. */
export function listTestsActivity(shared: Shared): (input: ListTestsActivityInput) => Promise<UnitsResult> {
  return (input) =>
    inStage(async (context) => {
      const stage = await openQualityStage(shared, input, context);
      const { recipe, client, config } = stage;
      const { testCases = [], forceUpdate = false } = recipe.processor?.config ?? {};
      const manifest = await listTests({
        ...stageRun(shared.store, context),
        client,
        config,
        serviceName: recipe.source.serviceName,
        wanted: testCases,
        forceUpdate,
        only: input.only,
        to: stage.slice(STAGES.tests, ONE),
        signal: context.signal,
      });
      return { ...resultOf(manifest), units: manifest.filter(({ chunk }) => chunk !== undefined).length };
    });
}
