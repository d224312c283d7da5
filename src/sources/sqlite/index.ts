export { sqliteSource } from './spec.js';
