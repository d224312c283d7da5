import { parseLineage, type SqlSession } from '../../sql/index.js';

const MAY_WRITE = /insert|update|delete|replace|load|merge|call/i;
const CALL = /^\s*call\s+(?:`((?:[^`]|``)+)`|([\w$]+))\s*\.\s*/i;

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
  if (!MAY_WRITE.test(text)) return [];
  const called = CALL.exec(text);
  if (called !== null) return [[called[1]?.replaceAll('``', '`') ?? called[2] ?? '', '']];
  if (/^\s*call\b/i.test(text)) return [[schema ?? '', '']];
  const { sources, targets, changed } = parseLineage(text, 'mysql', { ...session, countsAside: true });
  const written = [...targets, ...changed, ...sources.filter(({ onlyLoses }) => onlyLoses === true)];
  return written.map(({ parts }) => parts);
}
