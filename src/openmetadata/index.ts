export * from './api/index.js';
export * from './client.js';
export * from './entities/index.js';
export * from './fqn.js';
export * from './http/index.js';
export * from './map-limited.js';
export * from './sensitive-columns.js';
export * from './source-hash.js';
