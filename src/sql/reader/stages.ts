import type { Cursor } from './cursor.js';
import { isName } from './names.js';
import type { Token } from './token.js';

/** True for Snowflake's `@stage` and `@~/file`, which may be used where a table can. */
export function isStage(token: Token): boolean {
  return (
    token.word === '@' || (token.kind === 'parameter' && token.text.startsWith('@') && !token.text.startsWith('@@'))
  );
}

const PATH_PUNCTUATION: ReadonlySet<string> = new Set([
  '/',
  '.',
  '-',
  '%',
  '~',
  '=',
  '*',
  '+',
  ':',
  '@',
  '..',
  '${',
  '}',
]);

/** Reads `@db.schema.stage/dir/file.csv.gz` as written; a path ends at the first blank. */
export function readStage(cursor: Cursor): string {
  const first = cursor.next();
  let end = first.end;
  for (;;) {
    const token = cursor.peek();
    const belongs =
      isName(token) || token.kind === 'number' || token.kind === 'parameter' || PATH_PUNCTUATION.has(token.word);
    if (!belongs || token.start !== end) break;
    end = token.end;
    cursor.next();
  }
  return cursor.sql.slice(first.start, end);
}

/** The stage of a path, without folders and files: `@db.s.land` of `@db.s.land/in/`. */
export function stageName(path: string): string {
  return path.split('/', 1)[0] ?? path;
}
