export { checkQueryLogFile, openQueryLogFile } from './open-query-log-file.js';
