import { SearchAttributeType, defineSearchAttributeKey, type SearchAttributePair } from '@temporalio/common';

/**
 * Search attributes of every run, all of type Keyword. They are optional: `om-ingest setup` registers them, and where
 * they are not registered nothing is set, since an unregistered name would make a start, or a workflow task, fail.
 */
export const SEARCH_ATTRIBUTES = {
  /** `shop`: the database service. */
  service: defineSearchAttributeKey('OmService', SearchAttributeType.KEYWORD),
  /** `shop.metadata`: the recipe's ingestionPipelineFQN, when it has one. */
  pipeline: defineSearchAttributeKey('OmPipeline', SearchAttributeType.KEYWORD),
  /** `metadata`, `lineage`: what the run does. */
  workflow: defineSearchAttributeKey('OmWorkflow', SearchAttributeType.KEYWORD),
  /** `queued`, `running`, and at the end what the report says: `success`, `partialSuccess`, `failed`, `stopped`. */
  state: defineSearchAttributeKey('OmState', SearchAttributeType.KEYWORD),
} as const;

/** `OmService`, … */
export const SEARCH_ATTRIBUTE_NAMES: readonly string[] = Object.values(SEARCH_ATTRIBUTES).map(({ name }) => name);

/** What is known about a run; absent parts are left as they are. */
export interface RunAttributes {
  readonly service?: string | undefined;
  readonly pipeline?: string | undefined;
  readonly workflow?: string | undefined;
  readonly state?: 'queued' | 'running' | 'success' | 'partialSuccess' | 'failed' | 'stopped';
}

/** As the SDK takes them, for a start and for an upsert alike. */
export function attributePairs(attributes: RunAttributes): SearchAttributePair[] {
  return (['service', 'pipeline', 'workflow', 'state'] as const).flatMap((part) => {
    const value = attributes[part];
    return value === undefined ? [] : [{ key: SEARCH_ATTRIBUTES[part], value }];
  });
}
