export * from './query-log.js';
export * from './records.js';
export * from './source.js';
export { findSource } from './registry.js';
