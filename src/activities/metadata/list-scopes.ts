import { z } from 'zod';
import { listScopes, unitCount, type ScopePosition } from '../../metadata/index.js';
import type { PartReport } from '../../report/index.js';
import { SliceWriter } from '../../staging/index.js';
import type { Shared } from '../run/activity-deps.js';
import { openStage, stageResult } from './open-stage.js';
import type { ScopesResult, StageInput } from '../../contract/run-plan.js';
import { inStage } from '../run/stage-context.js';
import { ONE, STAGES } from '../../contract/stage-names.js';

/** What the source's user could see when the listing began; staged before the listing, so that a retry can't move it. */
const visibilityFact = z.object({ visibility: z.string() });

export function listScopesActivity(shared: Shared): (input: StageInput) => Promise<ScopesResult> {
  return (input) =>
    inStage(async (context) => {
      const { recorder, progress } = context;
      const stage = await openStage(shared, input, context);
      const address = stage.slice(STAGES.scopes, ONE);
      const writer = await SliceWriter.open<ScopePosition, PartReport>(
        shared.store,
        address,
        () => recorder.take(),
        progress
      );
      if (!writer.complete) {
        await stage.withSource(async (source) => {
          await rememberVisibility(shared, input, () => source.visibility());
          const { selection, options } = stage;
          const { service } = input.plan;
          await listScopes({ service, source, selection, includeTags: options.includeTags, writer, recorder });
        });
      }
      const units = unitCount(await shared.store.manifest(address));
      return { ...(await stageResult(shared.store, [address])), units };
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
