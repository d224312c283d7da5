export { aggregateUsage } from './aggregate-usage.js';
export { foldWindow } from './fold-window.js';
export { parseGroups } from './parse-groups.js';
export type { UsageClient } from './publish-input.js';
export { publishUsage } from './publish-usage.js';
export { UsageTally } from './usage-tally.js';
export { DAY_MS, dayOf } from './utc-day.js';
