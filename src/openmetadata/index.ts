export * from './entities/index.js';
export * from './fqn.js';
