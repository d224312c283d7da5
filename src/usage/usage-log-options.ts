import type { DatabaseUsageConfig, WorkflowConfig } from '../recipe/index.js';
import type { UsageLogOptions } from '../sources/index.js';

/** How a recipe wants the log to be read. */
export function usageLogOptions(
  { resultLimit, filterCondition }: DatabaseUsageConfig,
  { config }: Pick<WorkflowConfig, 'config'>
): UsageLogOptions {
  return {
    resultLimit,
    ...(filterCondition === undefined ? {} : { filterCondition }),
    users: { includes: config?.usage?.includeUsers ?? [], excludes: config?.usage?.excludeUsers ?? [] },
  };
}
