import type { EntityKind } from '../entities/index.js';
import { normalizeFqn } from '../fqn.js';

export type ScopeType = 'service' | 'database' | 'databaseSchema';

/** Everything below one service, database or schema. */
export interface EntityScope {
  readonly scopeType: ScopeType;
  readonly scopeFqn: string;
}

/**
 * The list parameters each collection is known to understand. A server ignores others and lists everything, so lists
 * are always checked by FQN, and other scopes are counted by listing.
 */
const LIST_PARAMETERS: Readonly<Record<EntityKind, readonly ScopeType[]>> = {
  databases: ['service'],
  databaseSchemas: ['database'],
  tables: ['database', 'databaseSchema'],
  storedProcedures: ['service', 'databaseSchema'],
};

export function isListParameter(kind: EntityKind, scopeType: ScopeType): boolean {
  return LIST_PARAMETERS[kind].includes(scopeType);
}

/** Whether an FQN is below the scope, however the two are quoted. */
export function isBelow(scopeFqn: string): (fqn: string) => boolean {
  const prefix = `${normalizeFqn(scopeFqn)}.`;
  return (fqn) => normalizeFqn(fqn).startsWith(prefix);
}
