import { z } from 'zod';
import { listScopes, unitCount } from '../../metadata/index.js';
import type { Shared } from '../run/activity-deps.js';
import { openStage, resultOf } from './open-stage.js';
import type { ScopesResult, StageInput } from '../../contract/run-plan.js';
import { inStage, stageRun } from '../run/stage-context.js';
import { ONE, STAGES } from '../../contract/stage-names.js';

/** What the source's user could see when the listing began; staged before the listing, so that a retry can't move it. */
const visibilityFact = z.object({ visibility: z.string() });

export function listScopesActivity(shared: Shared): (input: StageInput) => Promise<ScopesResult> {
  return (input) =>
    inStage(async (context) => {
      const stage = await openStage(shared, input, context);
      const { selection, options } = stage;
      const listed = await stage.withSource((open) =>
        listScopes({
          ...stageRun(shared.store, context),
          service: input.plan.service,
          source: async () => {
            const source = await open();
            await rememberVisibility(shared, input, () => source.visibility());
            return source;
          },
          selection,
          includeTags: options.includeTags,
          to: stage.slice(STAGES.scopes, ONE),
        })
      );
      return { ...resultOf(listed), units: unitCount(listed) };
    });
}

async function rememberVisibility(
  { store }: Shared,
  { identity }: StageInput,
  look: () => Promise<string>
): Promise<void> {
  const address = { run: identity.pipelineRunId, stage: STAGES.prepare, slice: ONE };
  if ((await store.manifest(address)).length > 0) return;
  await store.commit(address, { n: 0, position: { visibility: await look() }, last: true });
}

export async function stagedVisibility({ store }: Shared, { identity }: StageInput): Promise<string> {
  const [entry] = await store.manifest({ run: identity.pipelineRunId, stage: STAGES.prepare, slice: ONE });
  return visibilityFact.parse(entry?.position).visibility;
}
