import { z } from 'zod';
import { listScopes, unitCount } from '../../metadata/index.js';
import type { MetadataSource, ScopeRights } from '../../sources/index.js';
import type { StagingStore } from '../../staging/index.js';
import type { Shared } from '../run/activity-deps.js';
import { openStage, resultOf } from './open-stage.js';
import type { UnitsResult, StageInput } from '../../contract/run-plan.js';
import { inStage, stageRun } from '../run/stage-context.js';
import { ONE, STAGES } from '../../contract/stage-names.js';

/**
 * What the source's user could see when the listing began. Staged before the listing, so that a retry can't change it.
 */
const visibilityFact = z.object({
  visibility: z.string(),
  rights: z
    .array(
      z.object({
        database: z.exactOptional(z.string()),
        schema: z.exactOptional(z.string()),
        rights: z.array(z.string()),
      })
    )
    .optional(),
});

export function listScopesActivity(shared: Shared): (input: StageInput) => Promise<UnitsResult> {
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
            await rememberVisibility(shared, input, source);
            return source;
          },
          selection,
          options,
          to: stage.slice(STAGES.scopes, ONE),
        })
      );
      return { ...resultOf(listed), units: unitCount(listed) };
    });
}

async function rememberVisibility({ store }: Shared, { identity }: StageInput, source: MetadataSource): Promise<void> {
  const address = { run: identity.pipelineRunId, stage: STAGES.prepare, slice: ONE };
  if ((await store.manifest(address)).length > 0) return;
  const visibility = await source.visibility();
  const rights = await source.rights?.();
  const position = { visibility, ...(rights === undefined ? {} : { rights }) };
  await store.commit(address, { n: 0, position, last: true });
}

export async function stagedVisibility({ store }: Shared, { identity }: StageInput): Promise<string> {
  const [entry] = await store.manifest({ run: identity.pipelineRunId, stage: STAGES.prepare, slice: ONE });
  return visibilityFact.parse(entry?.position).visibility;
}

/** The rights at that time; undefined when the source can't tell. */
export async function stagedRights(store: StagingStore, run: string): Promise<readonly ScopeRights[] | undefined> {
  const [entry] = await store.manifest({ run, stage: STAGES.prepare, slice: ONE });
  return visibilityFact.safeParse(entry?.position).data?.rights;
}
