import type { LifeCycle, TableConstraint } from '../entities/index.js';
import { normalizeFqn } from '../fqn.js';
import type { CallOptions } from '../http/transport.js';
import type { EntitiesApi } from './entities-api.js';
import type { TableConstraintRecord } from './entity-records.js';
import type { PatchOperation } from './patch.js';

export type ChangeOutcome = 'updated' | 'unchanged' | 'unknown';

/** Adds those of the constraints that the table lacks; what it has stays. Repeatable. `unknown`: there is no such table. */
export async function addTableConstraints(
  tables: EntitiesApi<'tables'>,
  tableFqn: string,
  constraints: readonly TableConstraint[],
  options: CallOptions = {}
): Promise<ChangeOutcome> {
  const table = await tables.findByName(tableFqn, { fields: ['tableConstraints'], ...options });
  if (table === undefined) return 'unknown';
  const known = new Set(table.tableConstraints?.map(constraintKey));
  const missing = constraints.filter((constraint) => !known.has(constraintKey(constraint)));
  if (missing.length === 0) return 'unchanged';
  const operations: PatchOperation[] =
    table.tableConstraints === undefined
      ? [{ op: 'add', path: '/tableConstraints', value: missing }]
      : missing.map((value) => ({ op: 'add', path: '/tableConstraints/-', value }));
  await tables.patch(table.id, operations, options);
  return 'updated';
}

/** Moves created, updated and accessed forward to the given times; a stored later one stays. Repeatable. */
export async function advanceLifeCycle(
  tables: EntitiesApi<'tables'>,
  tableFqn: string,
  lifeCycle: LifeCycle,
  options: CallOptions = {}
): Promise<ChangeOutcome> {
  const table = await tables.findByName(tableFqn, { fields: ['lifeCycle'], ...options });
  if (table === undefined) return 'unknown';
  const stored = table.lifeCycle ?? {};
  const later = (['created', 'updated', 'accessed'] as const).flatMap((part) => {
    const wanted = lifeCycle[part];
    return wanted !== undefined && wanted.timestamp > (stored[part]?.timestamp ?? -1) ? [[part, wanted] as const] : [];
  });
  if (later.length === 0) return 'unchanged';
  const value = { ...stored, ...Object.fromEntries(later) };
  await tables.patch(table.id, [{ op: 'add', path: '/lifeCycle', value }], options);
  return 'updated';
}

/** Notes on a view or procedure that its lineage was published. */
export async function markLineageProcessed(
  entities: EntitiesApi<'tables'> | EntitiesApi<'storedProcedures'>,
  entity: { readonly id: string; readonly processedLineage: boolean | undefined },
  options: CallOptions = {}
): Promise<void> {
  if (entity.processedLineage === true) return;
  await entities.patch(entity.id, [{ op: 'add', path: '/processedLineage', value: true }], options);
}

/** The same text for constraints that say the same. */
function constraintKey({
  constraintType,
  columns,
  referredColumns,
  relationshipType,
}: TableConstraint | TableConstraintRecord): string {
  return JSON.stringify([
    constraintType ?? '',
    columns ?? [],
    (referredColumns ?? []).map(normalizeFqn),
    relationshipType ?? '',
  ]);
}
