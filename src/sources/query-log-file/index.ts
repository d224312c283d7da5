export { openQueryLogFile } from './open-query-log-file.js';
