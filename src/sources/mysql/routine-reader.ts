import type { SourceProcedure, SourceRecord } from '../records.js';
import type { SchemaRef, Selection, SourceContext } from '../source.js';
import { routines, type RoutineRow } from './queries.js';
import type { MysqlSession } from './session.js';

/**
 * Procedures and functions of a schema behind `after`. A body that this user may not see makes the routine a problem, not an empty text: an
 * empty text would overwrite the one that is in OpenMetadata.
 */
export async function* readRoutines(
  session: MysqlSession,
  ref: SchemaRef,
  selection: Selection,
  after: string,
  context: SourceContext
): AsyncGenerator<SourceRecord> {
  let previous: RoutineRow | undefined;
  for await (const batch of session.rows(routines(ref.schema, after))) {
    for (const routine of batch) {
      if (routine.name === previous?.name) {
        // OpenMetadata has one name space for both; the procedure came first.
        context.onWarning(
          `${ref.schema}.${routine.name}: a function has the name of a procedure; only the procedure is kept.`
        );
        continue;
      }
      previous = routine;
      const reason = await selection.procedure(ref.database, ref.schema, routine.name);
      yield reason === undefined
        ? routineRecord(routine)
        : { kind: 'unselected', entity: 'procedure', name: routine.name, reason };
    }
  }
}

function routineRecord(routine: RoutineRow): SourceRecord {
  if (routine.body === null) {
    return {
      kind: 'problem',
      entity: 'procedure',
      name: routine.name,
      message: 'its body is hidden from this user (om-ingest check prints the GRANT that mends it)',
    };
  }
  const record: SourceProcedure = {
    kind: 'procedure',
    name: routine.name,
    procedureType: routine.type === 'FUNCTION' ? 'Function' : 'StoredProcedure',
    language: routine.language.toUpperCase() === 'EXTERNAL' ? 'External' : 'SQL',
    code: routine.body,
    ...(routine.comment === '' ? {} : { description: routine.comment }),
  };
  return record;
}
