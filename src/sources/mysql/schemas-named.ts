import { namesCalled } from './names-called.js';
import type { StoredBodies } from './stored-bodies.js';
import { tablesWritten, type PlacedStatement } from './tables-written.js';

export interface SchemasNamed {
  /** Of tables whose triggers may run, or of the procedure. Empty texts where the session has none. */
  readonly written: ReadonlySet<string>;
  /** Of stored functions that may be called. */
  readonly called: ReadonlySet<string>;
}

/** Whose bodies a statement may run: those of its tables' triggers and of its functions. */
export function schemasNamed({ text, schema, session }: PlacedStatement, bodies: StoredBodies): SchemasNamed {
  const tables = tablesWritten({ text, schema, session });
  const written = tables
    .flatMap((parts) => bodies.tablesBehind({ schema: parts.at(-2) ?? schema ?? '', name: parts.at(-1) ?? '' }))
    .map((table) => table.schema ?? '');
  const isTable = (name: string): boolean => tables.some((parts) => parts.at(-1)?.toLowerCase() === name.toLowerCase());
  const called = namesCalled(text, session).flatMap((call) => {
    if (isTable(call.name)) return [];
    if (call.schema !== undefined) return [call.schema];
    return bodies.mayBeFunction(schema, call.name) ? [schema ?? ''] : [];
  });
  return { written: new Set(written), called: new Set(called) };
}
