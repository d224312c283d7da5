import type { Client } from '@temporalio/client';
import { SEARCH_ATTRIBUTE_NAMES } from '../workflows/search-attributes.js';

/** Temporal's number of the type Keyword. */
export const KEYWORD = 2;

/** After this time the question is asked again: `om-ingest setup` may have run meanwhile. Milliseconds. */
const FRESH_MS = 60_000;

/** Custom search attributes of the client's namespace: name → number of its type. */
export async function registeredAttributes(client: Client): Promise<ReadonlyMap<string, unknown>> {
  const { namespace } = client.options;
  const { customAttributes } = await client.connection.operatorService.listSearchAttributes({ namespace });
  return new Map(Object.entries(customAttributes ?? {}));
}

/**
 * Answers whether all of this project's search attributes are registered, asking Temporal at most once a minute. Also
 * false when Temporal doesn't tell: a client without the permission to ask runs without them.
 */
export function attributesGate(client: Client): () => Promise<boolean> {
  let answer: Promise<boolean> | undefined;
  let askedAt = 0;
  return () => {
    if (answer === undefined || Date.now() - askedAt > FRESH_MS) {
      askedAt = Date.now();
      answer = registeredAttributes(client).then(
        (registered) => SEARCH_ATTRIBUTE_NAMES.every((name) => registered.get(name) === KEYWORD),
        () => false
      );
    }
    return answer;
  };
}
