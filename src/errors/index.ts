export { boundedText } from './bounded-text.js';
export * from './ingestion-error.js';
export * from './nearest.js';
