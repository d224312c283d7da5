import { IngestionError, PermanentError, didYouMean, listed } from '../errors/index.js';
import type { DatabaseServiceRecord, OpenMetadataClient } from '../openmetadata/index.js';

/** Most names of services in a message. */
const NAMED = 10;

/**
 * Says that a service doesn't exist, and which ones do: a misspelt name must not become a new service. Only a metadata
 * run creates services; the others read what such a run has published.
 */
export async function missingService(
  client: OpenMetadataClient,
  serviceName: string,
  signal?: AbortSignal
): Promise<PermanentError> {
  const there = await namesOf(client, signal);
  return new PermanentError(
    `OpenMetadata has no service ${serviceName}.${didYouMean(serviceName, there)}${has(there)}`,
    {
      where: 'source.serviceName',
      remedy:
        'Give the name of a service that is there, or run its metadata recipe first: only that one makes services.',
    }
  );
}

/** The service of a recipe whose runs don't make it. @throws PermanentError when it doesn't exist */
export async function serviceThere(
  client: OpenMetadataClient,
  serviceName: string,
  signal: AbortSignal
): Promise<DatabaseServiceRecord> {
  const service = await client.services.find(serviceName, { signal });
  if (service === undefined) throw await missingService(client, serviceName, signal);
  return service;
}

function has(names: readonly string[]): string {
  if (names.length === 0) return ' It has no database service at all.';
  const more = names.length > NAMED ? `, and ${names.length - NAMED} more` : '';
  return ` It has ${listed(names.slice(0, NAMED))}${more}.`;
}

/** Only for a message: if the server refuses to list, not finding the one says enough. */
async function namesOf(client: OpenMetadataClient, signal: AbortSignal | undefined): Promise<readonly string[]> {
  try {
    return await client.services.names(signal === undefined ? {} : { signal });
  } catch (error) {
    if (error instanceof IngestionError && error.consequence === 'permanent') return [];
    throw error;
  }
}
