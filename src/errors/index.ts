export { boundedText } from './bounded-text.js';
export { harmlessText, harmlessValue } from './harmless-text.js';
export * from './ingestion-error.js';
export * from './nearest.js';
