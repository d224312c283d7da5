import { parseLineage, type QueryLineage, type SqlSession } from '../../sql/index.js';
import { proceduresCalled } from './names-called.js';

const MAY_WRITE = /insert|update|delete|replace|load|merge/i;

/** A statement, and where it ran. */
export interface PlacedStatement {
  readonly text: string;
  readonly schema: string | undefined;
  readonly session: SqlSession | undefined;
}

/**
 * Tables whose triggers a statement may fire, each by the parts of its name; of a CALL the schema of what it calls,
 * with an empty name.
 */
export function tablesWritten({ text, schema, session }: PlacedStatement): readonly (readonly string[])[] {
  const called = proceduresCalled(text, session).map((procedure) => [procedure.schema ?? schema ?? '', '']);
  return MAY_WRITE.test(text) ? [...called, ...writtenBy(readWrites(text, session))] : called;
}

export function readWrites(text: string, session: SqlSession | undefined): QueryLineage {
  return parseLineage(text, 'mysql', { ...session, countsAside: true });
}

/** A later statement of the same text may read what one writes. */
export function writtenBy({ sources, targets, changed, intermediate }: QueryLineage): readonly (readonly string[])[] {
  const deletedFrom = sources.filter(({ onlyLoses }) => onlyLoses === true);
  return [...targets, ...changed, ...intermediate, ...deletedFrom].map(({ parts }) => parts);
}
