export * from './ingestion-error.js';
export * from './nearest.js';
