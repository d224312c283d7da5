export * from './entities/index.js';
export * from './fqn.js';
export * from './source-hash.js';
