import type { AccessTokens } from './access-token.js';
import type { Release } from './release.js';
import type { SecretVault } from './secret-vault.js';
import type { EntityStore } from './store/entity-store.js';
import type { EntityWriter } from './writing/entity-writer.js';

export interface CatalogLogger {
  info(message: string): void;
  warn(message: string): void;
}

/** What every route works with. */
export interface Catalog {
  readonly store: EntityStore;
  readonly writer: EntityWriter;
  readonly vault: SecretVault;
  readonly tokens: AccessTokens;
  readonly logger: CatalogLogger;
  /** Of OpenMetadata, whose API this is. */
  readonly release: Release;
}
