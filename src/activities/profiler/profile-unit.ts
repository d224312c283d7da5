import { activityInfo } from '@temporalio/activity';
import { restoreName, splitFqn } from '../../openmetadata/index.js';
import { profileUnit, type UnitTable } from '../../profiler/index.js';
import { STAGES } from '../../contract/stage-names.js';
import type { ProfileUnitInput, ProfileUnitResult } from '../../contract/run-plan.js';
import { stageResult } from '../metadata/open-stage.js';
import type { Shared } from '../run/activity-deps.js';
import { inStage, stageRun } from '../run/stage-context.js';
import { unitTag } from '../run/unit-tag.js';
import { readUnit } from './profiled-units.js';
import { openProfilerStage } from './open-profiler-stage.js';

/** Profiles the tables of one unit and publishes them as they come. */
export function profileUnitActivity(shared: Shared): (input: ProfileUnitInput) => Promise<ProfileUnitResult> {
  return (input) =>
    inStage(async (context) => {
      const { identity, unit, allowance, mayGetMore } = input;
      const { store } = shared;
      const { recorder, signal, wait } = context;
      const stage = await openProfilerStage(shared, input, context);
      const profiles = stage.slice(STAGES.profiles, String(unit));
      const published = stage.slice(STAGES.publishedProfiles, String(unit));
      const tables = await readUnit(store, identity.pipelineRunId, unit);
      const { left, ...used } = await stage.withSource(async (source) => {
        // what a lost worker began would run on in the source until its time limit
        if (activityInfo().attempt > 1) await source.endLost(unitTag(identity, unit), databaseOf(tables));
        return profileUnit({
          ...stageRun(store, context),
          recorder,
          signal,
          wait,
          client: stage.client,
          recipe: stage.recipe,
          server: stage.server,
          tables,
          source,
          openSession: (onTime) => {
            const session = stage.sessionContext(unit);
            const onStatement = (milliseconds: number): void => {
              session.onStatement(milliseconds);
              onTime(milliseconds);
            };
            return source.session({ ...session, onStatement });
          },
          now: identity.anchor,
          timestamp: identity.startedAt,
          ...(allowance === undefined ? {} : { allowance }),
          mayGetMore: mayGetMore === true,
          profiles,
          published,
        });
      });
      const result = await stageResult(store, [profiles, published]);
      return { ...result, used, ...(left === undefined ? {} : { left }) };
    });
}

/** Of a unit, whose tables are of one schema. */
function databaseOf([first]: readonly UnitTable[]): string {
  const [, database = ''] = splitFqn(first?.fqn ?? '');
  return restoreName(database);
}
