import type { SqlSession } from '../../sql/index.js';
import { namesIn, type CalledName } from './names-called.js';
import { readWrites, writtenBy } from './tables-written.js';
import { withoutComments } from './without-comments.js';

/** Where a statement begins that may fire triggers. */
const WRITES = /\b(?:insert|update|delete|replace|load)\b(?!\s*\()/i;

/**
 * The tables that a stored body writes. Of what the reader doesn't understand of it, each name and word of the pieces
 * between two `;` that may write.
 */
export function bodyWrites(body: string, session: SqlSession | undefined): readonly CalledName[] {
  const whole = readWrites(body, session);
  if (whole.doubts.length === 0) return writtenBy(whole).map(asName);
  return withoutComments(body, session)
    .split(';')
    .flatMap((piece) => pieceWrites(piece, session));
}

function pieceWrites(piece: string, session: SqlSession | undefined): readonly CalledName[] {
  const begins = piece.search(WRITES);
  if (begins === -1) return [];
  const statement = piece.slice(begins);
  const read = readWrites(statement, session);
  return read.doubts.length === 0 ? writtenBy(read).map(asName) : namesIn(statement, session);
}

function asName(parts: readonly string[]): CalledName {
  return { schema: parts.at(-2), name: parts.at(-1) ?? '' };
}
