export { checkQueryLogFile } from './check-query-log-file.js';
export { openQueryLogFile } from './open-query-log-file.js';
export { openUsageLogFile } from './open-usage-log-file.js';
