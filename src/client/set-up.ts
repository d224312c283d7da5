import { isGrpcServiceError, type Client } from '@temporalio/client';
import { KEYWORD, registeredAttributes } from '../worker/registered-attributes.js';
import { SEARCH_ATTRIBUTE_NAMES } from '../workflows/search-attributes.js';

/** gRPC's number of ALREADY_EXISTS. */
const ALREADY_EXISTS = 6;

/** Thrown when a search attribute can't be registered. */
export class SetUpError extends Error {
  override readonly name = 'SetUpError';
}

export interface SetUpOutcome {
  /** Names registered by this call. */
  readonly added: readonly string[];
  /** Names that were already registered. */
  readonly kept: readonly string[];
}

/**
 * Registers the search attributes OmService, OmPipeline, OmWorkflow and OmState, of type Keyword. May be repeated; runs
 * work without them.
 *
 * @throws SetUpError when a name is taken by another type, or Temporal doesn't allow it
 */
export async function setUpSearchAttributes(client: Client): Promise<SetUpOutcome> {
  const { namespace } = client.options;
  try {
    const registered = await registeredAttributes(client);
    const taken = SEARCH_ATTRIBUTE_NAMES.filter((name) => registered.has(name) && registered.get(name) !== KEYWORD);
    if (taken.length > 0)
      throw new SetUpError(
        `The search attribute ${taken[0]} of the namespace ${namespace} is there with another type than Keyword. ` +
          'Runs do without search attributes until it is removed, by `temporal operator search-attribute remove`.'
      );
    const added = SEARCH_ATTRIBUTE_NAMES.filter((name) => !registered.has(name));
    if (added.length > 0)
      await client.connection.operatorService.addSearchAttributes({
        namespace,
        searchAttributes: Object.fromEntries(added.map((name) => [name, KEYWORD])),
      });
    return { added, kept: SEARCH_ATTRIBUTE_NAMES.filter((name) => registered.has(name)) };
  } catch (error) {
    if (error instanceof SetUpError) throw error;
    if (isGrpcServiceError(error) && Number(error.code) === ALREADY_EXISTS)
      return { added: [], kept: SEARCH_ATTRIBUTE_NAMES };
    const reason = isGrpcServiceError(error) ? error.details : error instanceof Error ? error.message : String(error);
    throw new SetUpError(
      `Temporal does not register search attributes for this client: ${reason}. Have ${SEARCH_ATTRIBUTE_NAMES.join(', ')} ` +
        'registered as Keyword by whoever runs it (Temporal Cloud: in its console), or do without them.',
      { cause: error }
    );
  }
}
