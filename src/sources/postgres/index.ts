export { postgresSource } from './spec.js';
