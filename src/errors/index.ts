export * from './ingestion-error.js';
