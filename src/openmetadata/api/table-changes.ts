import type { EntityKind, LifeCycle } from '../entities/index.js';
import type { CallOptions } from '../http/transport.js';
import type { EntitiesApi } from './entities-api.js';
import type { PatchOperation } from './patch.js';

export type ChangeOutcome = 'updated' | 'unchanged' | 'unknown';

/** Moves created, updated and accessed forward to the given times; a stored later one stays. Repeatable. */
export async function advanceLifeCycle(
  tables: EntitiesApi<'tables'>,
  tableFqn: string,
  lifeCycle: LifeCycle,
  options: CallOptions = {}
): Promise<ChangeOutcome> {
  const change = await lifeCycleChange(tables, tableFqn, lifeCycle, options);
  if (typeof change === 'string') return change;
  await change();
  return 'updated';
}

/** The same in two steps, to know what changes before it is sent. @returns sends the change, if there is one */
export async function lifeCycleChange(
  tables: EntitiesApi<'tables'>,
  tableFqn: string,
  lifeCycle: LifeCycle,
  options: CallOptions = {}
): Promise<Exclude<ChangeOutcome, 'updated'> | (() => Promise<void>)> {
  const table = await tables.findByName(tableFqn, { fields: ['lifeCycle'], ...options });
  if (table === undefined) return 'unknown';
  const stored = table.lifeCycle ?? {};
  const later = (['created', 'updated', 'accessed'] as const).flatMap((part) => {
    const wanted = lifeCycle[part];
    return wanted !== undefined && wanted.timestamp > (stored[part]?.timestamp ?? -1) ? [[part, wanted] as const] : [];
  });
  if (later.length === 0) return 'unchanged';
  const value = { ...stored, ...Object.fromEntries(later) };
  return async () => {
    await tables.patch(table.id, [{ op: 'add', path: '/lifeCycle', value }], { ...options, repeatable: true });
  };
}

/** Records on a view or procedure that its lineage was published. */
export async function markLineageProcessed(
  entities: Pick<EntitiesApi<EntityKind>, 'patch'>,
  entity: { readonly id: string; readonly processedLineage: boolean | undefined },
  options: CallOptions = {}
): Promise<void> {
  if (entity.processedLineage === true) return;
  const patch: PatchOperation = { op: 'add', path: '/processedLineage', value: true };
  await entities.patch(entity.id, [patch], { ...options, repeatable: true });
}
