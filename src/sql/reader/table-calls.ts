import type { Relation } from '../tree.js';
import type { Cursor } from './cursor.js';
import { readName } from './names.js';
import { isStage, readStage, stageName } from './stages.js';

/** Functions over a table that they name. */
export function readTableCall(cursor: Cursor, name: string): Relation | undefined {
  const close = cursor.closeOf(cursor.at);
  const first = cursor.peek(1);
  switch (cursor.dialect) {
    case 'snowflake':
      return readSnowflakeCall(cursor, name);
    case 'tsql': {
      if (!/^(changetable|containstable|freetexttable)$/.test(name)) return undefined;
      // `CHANGETABLE(CHANGES t, 0)`
      cursor.at += /^(changes|version)$/.test(first.word) && cursor.peek(2).word !== ',' ? 2 : 1;
      const source = readName(cursor);
      cursor.at = close + 1;
      return source && { kind: 'table', source };
    }
    default:
      return undefined;
  }
}

/** SEMANTIC_VIEW(v METRICS … DIMENSIONS …) reads the view v, DIRECTORY(@stage) the files of a stage. */
function readSnowflakeCall(cursor: Cursor, name: string): Relation | undefined {
  const close = cursor.closeOf(cursor.at);
  if (name === 'semantic_view') {
    cursor.next();
    const view = readName(cursor);
    cursor.at = close + 1;
    return view === undefined ? undefined : { kind: 'table', source: view };
  }
  if (name !== 'directory' || !isStage(cursor.peek(1))) return undefined;
  cursor.next();
  const path = stageName(readStage(cursor));
  cursor.at = close + 1;
  return { kind: 'table', source: { path } };
}
