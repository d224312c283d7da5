import { routineRecord, type Overload } from '../common/routine-record.js';
import type { SourceRecord } from '../records.js';
import type { SchemaRef, Selection } from '../source.js';
import { routines, type RoutineRow } from './queries.js';
import type { MysqlSession } from './session.js';

/**
 * Procedures and functions of a schema after `after`. A body that this user may not see makes the routine a problem
 * rather than an empty body, which would overwrite the one in OpenMetadata. OpenMetadata has each name once: a function
 * with a procedure's name becomes one record with it, with both bodies.
 */
export async function* readRoutines(
  session: MysqlSession,
  ref: SchemaRef,
  selection: Selection,
  after: string
): AsyncGenerator<SourceRecord> {
  let alike: RoutineRow[] = [];
  for await (const batch of session.rows(routines(ref.schema, after))) {
    for (const routine of batch) {
      if (alike[0] !== undefined && alike[0].name !== routine.name) {
        yield await toRecord(ref, selection, alike[0], alike);
        alike = [];
      }
      alike.push(routine);
    }
  }
  if (alike[0] !== undefined) yield await toRecord(ref, selection, alike[0], alike);
}

async function toRecord(
  { database, schema }: SchemaRef,
  selection: Selection,
  first: RoutineRow,
  alike: readonly RoutineRow[]
): Promise<SourceRecord> {
  const { name } = first;
  const reason = await selection.procedure(database, schema, name);
  if (reason !== undefined) return { kind: 'unselected', entity: 'procedure', name, reason };
  const overloads: Overload[] = [];
  for (const { type, body, comment } of alike) {
    if (body === null) {
      const message = 'its body is hidden from this user (om-ingest check prints the GRANT that fixes it)';
      return { kind: 'problem', entity: 'procedure', name, message };
    }
    overloads.push({ isProcedure: type !== 'FUNCTION', head: `${type} ${name}`, body, comment });
  }
  const language = first.language.toUpperCase() === 'EXTERNAL' ? 'External' : 'SQL';
  return routineRecord(name, overloads, { language });
}
