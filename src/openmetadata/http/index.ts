export * from './bearer-token.js';
export * from './connection-pool.js';
export * from './http-transport.js';
export * from './outcome.js';
export * from './request-headers.js';
export * from './retry-policy.js';
export * from './token-provider.js';
export * from './transport.js';
