import { routineRecord } from '../common/routine-record.js';
import type { SourceProcedure, SourceRecord } from '../records.js';
import type { MetadataOptions, SchemaRef, Selection } from '../source.js';
import { routines, type RoutineRow } from './queries.js';
import type { PostgresSession } from './session.js';

const LANGUAGES: readonly (readonly [RegExp, NonNullable<SourceProcedure['language']>])[] = [
  [/^(sql|plpgsql|edbspl)$/, 'SQL'],
  [/^plpython/, 'Python'],
  [/^(plv8|pljs)/, 'JavaScript'],
  [/^pljava|^java/, 'Java'],
  [/^(c|internal)$/, 'External'],
];

/**
 * Procedures and functions of a schema after `after`. OpenMetadata has each name once: overloads become one record with
 * all the bodies.
 */
export async function* readRoutines(
  session: PostgresSession,
  { database, schema }: SchemaRef,
  selection: Selection,
  { includeOwners = false }: Pick<MetadataOptions, 'includeOwners'>,
  after: string
): AsyncGenerator<SourceRecord> {
  for await (const batch of session.rows(routines(schema, after, session.major))) {
    for (const row of batch) {
      const reason = await selection.procedure(database, schema, row.name);
      yield reason === undefined
        ? toRecord(row, includeOwners)
        : { kind: 'unselected', entity: 'procedure', name: row.name, reason };
    }
  }
}

function toRecord({ name, overloads }: RoutineRow, includeOwners: boolean): SourceProcedure {
  const [first] = overloads;
  const language = LANGUAGES.find(([names]) => names.test(first?.language ?? ''))?.[1];
  const each = overloads.map(({ kind, types, body, comment }) => ({
    isProcedure: kind === 'p',
    head: `${kind === 'p' ? 'PROCEDURE' : 'FUNCTION'} ${name}(${types})`,
    body: body ?? '',
    comment,
  }));
  return routineRecord(name, each, {
    ...(language === undefined ? {} : { language }),
    ...(includeOwners && first !== undefined ? { owner: first.owner } : {}),
  });
}
