export { beginning } from '../contract/beginning.js';
export { boundedText } from './bounded-text.js';
export { hangingText, harmlessLine, harmlessText, harmlessValue } from './harmless-text.js';
export * from './ingestion-error.js';
export * from './nearest.js';
