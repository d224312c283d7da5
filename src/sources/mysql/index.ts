export { mysqlSource } from './spec.js';
