import { IngestionError, PermanentError, didYouMean, listed } from '../errors/index.js';
import type { OpenMetadataClient } from '../openmetadata/index.js';

/** Names of services in a message. */
const NAMED = 10;

/**
 * That a service is not there, with what is: a misspelt name must not become a service of its own. Only a metadata run
 * makes services, since the others read what such a run has published.
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

function has(names: readonly string[]): string {
  if (names.length === 0) return ' It has no database service at all.';
  const more = names.length > NAMED ? `, and ${names.length - NAMED} more` : '';
  return ` It has ${listed(names.slice(0, NAMED))}${more}.`;
}

/** For a message only: a server that refuses the list has said enough by not finding the one. */
async function namesOf(client: OpenMetadataClient, signal: AbortSignal | undefined): Promise<readonly string[]> {
  try {
    return await client.services.names(signal === undefined ? {} : { signal });
  } catch (error) {
    if (error instanceof IngestionError && error.consequence === 'permanent') return [];
    throw error;
  }
}
