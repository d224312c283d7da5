import { newExpression, type Name, type NamePart, type Relation } from '../tree.js';
import type { Cursor } from './cursor.js';
import { readName, tableInText } from './names.js';
import { queryInText } from './dynamic/sub-texts.js';
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
      return tableOrUnknown(source);
    }
    case 'oracle': {
      // Rows of all containers, or of all shards
      if (!/^(containers|shards)$/.test(name)) return undefined;
      cursor.next();
      const source = readName(cursor);
      cursor.at = close + 1;
      return tableOrUnknown(source);
    }
    case 'clickhouse':
      return /^cluster(allreplicas)?$/.test(name) ? readOfCluster(cursor, close) : undefined;
    case 'postgres':
      return /^crosstab[234]?$/.test(name) ? readOfTexts(cursor, close) : undefined;
    default:
      return undefined;
  }
}

/** A table whose name is not known is no table that is called as the function. */
function tableOrUnknown(name: Name | undefined): Relation {
  return name === undefined
    ? { kind: 'function', args: newExpression(), outputs: [] }
    : { kind: 'table', source: name };
}

/** PostgreSQL's `crosstab('SELECT …', 'SELECT …')` */
function readOfTexts(cursor: Cursor, close: number): Relation {
  const args = newExpression();
  for (cursor.next(); cursor.at < close; cursor.next()) {
    const query = cursor.peek().kind === 'string' ? queryInText(cursor, cursor.peek()) : undefined;
    if (query !== undefined) args.queries.push(query);
  }
  cursor.at = close + 1;
  return { kind: 'function', args, outputs: [] };
}

/** ClickHouse's `cluster('c', db.t)`, `cluster('c', db, t)`, `clusterAllReplicas('c', 'db.t')`. */
function readOfCluster(cursor: Cursor, close: number): Relation | undefined {
  const from = cursor.at;
  while (cursor.at < close && !cursor.sees(',')) cursor.next();
  cursor.next();
  const parts: NamePart[] = [];
  do {
    const { kind, text } = cursor.peek();
    const name = kind === 'string' ? tableInText(cursor, text) : readName(cursor);
    if (kind === 'string') cursor.next();
    // `cluster('c', numbers(10))`
    if (cursor.sees('(')) break;
    parts.push(...(name ?? []));
  } while (parts.length === 1 && cursor.take(',') && cursor.at < close);
  const isTable = parts.length > 0 && !cursor.sees('(');
  cursor.at = isTable ? close + 1 : from;
  return isTable ? { kind: 'table', source: parts } : undefined;
}

/** SEMANTIC_VIEW(v METRICS … DIMENSIONS …) reads the view v, DIRECTORY(@stage) the files of a stage. */
function readSnowflakeCall(cursor: Cursor, name: string): Relation | undefined {
  const close = cursor.closeOf(cursor.at);
  if (name === 'semantic_view') {
    cursor.next();
    const view = readName(cursor);
    cursor.at = close + 1;
    return tableOrUnknown(view);
  }
  if (name !== 'directory' || !isStage(cursor.peek(1))) return undefined;
  cursor.next();
  const path = stageName(readStage(cursor));
  cursor.at = close + 1;
  return { kind: 'table', source: { path } };
}
