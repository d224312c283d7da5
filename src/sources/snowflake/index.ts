export { snowflakeSource } from './spec.js';
