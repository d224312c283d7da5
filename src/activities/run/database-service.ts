import { factsOf } from '../../contract/kinds.js';
import type { DatabaseServiceRecord } from '../../openmetadata/index.js';
import type { Recipe } from '../../recipe/index.js';
import { missingService } from '../../run-context/index.js';
import { findSource, isSourceType } from '../../sources/index.js';
import type { PipelineOwner, RunInPreparation } from './kind-preparation.js';

/**
 * The recipe's database service, which owns the pipeline of most kinds. @throws PermanentError when it doesn't exist; a
 * metadata run creates it
 */
export async function databaseServiceOf(run: RunInPreparation<Recipe>): Promise<PipelineOwner> {
  const { id, serviceType } = await ensureService(run);
  warnOfOtherType(run, serviceType);
  return { reference: { id, type: 'databaseService' }, serviceType };
}

/**
 * Only a metadata run creates the service, from its recipe. An existing one is only rewritten with
 * forceEntityOverwriting.
 */
async function ensureService({
  shared: { connections },
  staged,
  client,
  context: { signal },
}: RunInPreparation<Recipe>): Promise<DatabaseServiceRecord> {
  const { kind, source, workflowConfig } = staged.recipe;
  const { storeServiceConnection, forceEntityOverwriting } = workflowConfig.openMetadataServerConfig;
  const existing = await client.services.find(source.serviceName, { signal });
  if (existing !== undefined && (!forceEntityOverwriting || !isSourceType(source.type))) return existing;
  const mayMake = existing !== undefined || factsOf(kind).service === 'made';
  if (!mayMake || !isSourceType(source.type)) throw await missingService(client, source.serviceName, signal);
  // a service isn't created for a run that can't connect
  await connections.ofService(staged);
  const connection = storeServiceConnection ? { config: asRecord(await connections.toStore(staged)) } : undefined;
  return client.services.create(
    {
      name: source.serviceName,
      serviceType: findSource(source.type).serviceType,
      ...(connection === undefined ? {} : { connection }),
    },
    { signal }
  );
}

/** A service of that name may exist with another type; what the run sends is stored in it all the same. */
function warnOfOtherType({ recipe: { source }, context }: RunInPreparation<Recipe>, serviceType: string): void {
  const message = otherServiceType(source, serviceType);
  if (message !== undefined) context.recorder.warning('sink', message);
}

/** What to say of a service whose type is not that of the recipe's source; `undefined` when it is. */
export function otherServiceType(
  { serviceName, type }: Pick<Recipe['source'], 'serviceName' | 'type'>,
  serviceType: string
): string | undefined {
  if (!isSourceType(type) || findSource(type).serviceType === serviceType) return undefined;
  return `The service ${serviceName} in OpenMetadata is of type ${serviceType}, the recipe's source is ${type}. Is source.serviceName right?`;
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
