export * from './measures.js';
export * from './query-log.js';
export { checkQueryLogFile, openQueryLogFile } from './query-log-file/index.js';
export * from './records.js';
export { runTag } from './run-tag.js';
export * from './source.js';
export { SOURCE_TYPES, findSource } from './registry.js';
