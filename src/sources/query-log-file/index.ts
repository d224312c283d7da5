export { checkQueryLogFile, openQueryLogFile } from './open-query-log-file.js';
export { openUsageLogFile } from './open-usage-log-file.js';
