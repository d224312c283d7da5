import { IngestionError } from '../errors/index.js';
import { buildFqn, restoreName, type OpenMetadataClient } from '../openmetadata/index.js';

/** Only for a message. */
const MOST_LISTED = 100;

/**
 * Names of a service's databases, as far as one page has them; none when the catalog refuses to tell: not finding a
 * table says enough.
 */
export async function serviceDatabases(
  client: { readonly databases: Pick<OpenMetadataClient['databases'], 'list'> },
  service: string,
  signal: AbortSignal
): Promise<readonly string[]> {
  const scope = { scopeType: 'service', scopeFqn: buildFqn(service) } as const;
  try {
    for await (const { entities } of client.databases.list(scope, { limit: MOST_LISTED, signal }))
      return entities.map(({ name }) => restoreName(name)).sort();
  } catch (error) {
    if (!(error instanceof IngestionError) || error.consequence !== 'permanent') throw error;
  }
  return [];
}
