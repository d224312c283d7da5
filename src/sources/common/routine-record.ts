import type { SourceProcedure } from '../records.js';

/** One of the procedures and functions of a name. */
export interface Overload {
  readonly isProcedure: boolean;
  /** What tells it from the others: `FUNCTION plus(integer, integer)`. */
  readonly head: string;
  readonly body: string;
  readonly comment: string | null;
}

/** OpenMetadata has each name once: all procedures and functions of a name are one record, with all the bodies. */
export function routineRecord(
  name: string,
  overloads: readonly Overload[],
  facts: Pick<SourceProcedure, 'language' | 'owner'>
): SourceProcedure {
  const description = overloads.map(({ comment }) => comment ?? '').find((comment) => comment !== '');
  const bodies = overloads.map(({ head, body }) => (overloads.length === 1 ? body : `-- ${head}\n${body}`));
  return {
    kind: 'procedure',
    name,
    procedureType: overloads[0]?.isProcedure === true ? 'StoredProcedure' : 'Function',
    ...facts,
    code: bodies.join('\n\n'),
    ...(description === undefined ? {} : { description }),
  };
}
