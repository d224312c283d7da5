import { maskLiterals, parseLineage, type SqlSession } from '../../sql/index.js';
import { namesCalled } from './names-called.js';
import type { StoredBodies } from './stored-bodies.js';

const MAY_WRITE = /insert|update|delete|replace|load|merge|call/i;
const CALL = /^\s*call\s+(?:`((?:[^`]|``)+)`|([\w$]+))\s*\.\s*/i;

/** A statement, and where it ran. */
export interface PlacedStatement {
  readonly text: string;
  readonly schema: string | undefined;
  readonly session: SqlSession | undefined;
}

export interface SchemasNamed {
  /** Of tables whose triggers may run, or of the procedure. Empty texts where the session has none. */
  readonly written: ReadonlySet<string>;
  /** Of stored functions that may be called. */
  readonly called: ReadonlySet<string>;
}

/** Whose bodies a statement may run: those of its tables' triggers and of its functions. */
export function schemasNamed({ text, schema, session }: PlacedStatement, bodies: StoredBodies): SchemasNamed {
  const tables = MAY_WRITE.test(text) ? tablesWritten({ text, schema, session }) : [];
  const written = tables.map((parts) => parts.at(-2) ?? schema ?? '');
  const isTable = (name: string): boolean => tables.some((parts) => parts.at(-1)?.toLowerCase() === name.toLowerCase());
  const called = namesCalled(maskLiterals(text, 'mysql', session)).flatMap((call) => {
    if (isTable(call.name)) return [];
    if (call.schema !== undefined) return [call.schema];
    return bodies.mayBeFunction(schema, call.name) ? [schema ?? ''] : [];
  });
  return { written: new Set(written), called: new Set(called) };
}

function tablesWritten({ text, schema, session }: PlacedStatement): readonly (readonly string[])[] {
  const called = CALL.exec(text);
  if (called !== null) return [[called[1]?.replaceAll('``', '`') ?? called[2] ?? '', '']];
  if (/^\s*call\b/i.test(text)) return [[schema ?? '', '']];
  const { sources, targets, changed } = parseLineage(text, 'mysql', { ...session, countsAside: true });
  const written = [...targets, ...changed, ...sources.filter(({ onlyLoses }) => onlyLoses === true)];
  return written.map(({ parts }) => parts);
}
