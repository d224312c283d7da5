import type { StatementKind } from '../query-lineage.js';
import type { StatementLineage } from './statement-lineage.js';

/** With the statements of bodies in place of these. */
export function flat(statements: readonly StatementLineage[]): readonly StatementLineage[] {
  return statements.flatMap((one) => (one.body === undefined ? [one] : flat(one.body)));
}

export const CREATIONS: ReadonlySet<StatementKind> = new Set(['create-table', 'create-view', 'like', 'clone']);

/** Bodies that do nothing before they are called, or before their table changes. */
export const STORED: ReadonlySet<StatementKind> = new Set(['procedure', 'trigger']);
