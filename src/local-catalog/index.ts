export type { TokenFacts } from './access-token.js';
export { html, type Html } from './page/html.js';
export { PAGE_STYLE } from './page/page-style.js';
export type { CatalogLogger } from './catalog.js';
export type { LocalCatalog, LocalCatalogOptions } from './start-local-catalog.js';
export { startLocalCatalog } from './start-local-catalog.js';
export { lock, tryLock, type ProcessLock } from './process-lock.js';
export type { Release } from './release.js';
