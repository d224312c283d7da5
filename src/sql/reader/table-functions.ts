import { newExpression, type Expression, type Location, type Relation } from '../tree.js';
import { endOf } from './clauses.js';
import type { Cursor } from './cursor.js';
import { readExpression } from './expressions.js';
import { NOT_RELATION_ALIAS } from './keywords.js';
import { columnAt, isName, readIdentifier, readName, tableInText } from './names.js';
import { startsQuery } from './queries.js';
import { stageName } from './stages.js';

const FLATTEN_OUTPUTS = ['seq', 'key', 'path', 'index', 'value', 'this'];
const JSON_OUTPUTS = ['key', 'value', 'type', 'atom', 'id', 'parent', 'fullkey', 'path'];

/** `TABLE(f(x))`, `TABLE(t)`, `TABLE('db.s.t')`: a call, or the table it names. */
export function readTableFunction(cursor: Cursor): Relation {
  const variable = cursor.peek(2);
  if (cursor.dialect === 'snowflake' && (variable.kind === 'parameter' || variable.word === ':')) {
    const source = readIdentifier(cursor);
    return source === undefined ? { kind: 'function', args: newExpression(), outputs: [] } : { kind: 'table', source };
  }
  cursor.next();
  const close = cursor.closeOf(cursor.at);
  const inner = cursor.peek(1);
  if (inner.kind === 'string') {
    // TABLE('db.s.t') is the table of that name.
    cursor.at = close + 1;
    return { kind: 'table', source: tableInText(cursor, inner.text) };
  }
  const isCall = isName(inner) && !startsQuery(cursor, cursor.at + 1);
  if (!isCall) {
    const args = readExpression(cursor, cursor.at, close + 1);
    cursor.at = close + 1;
    return { kind: 'function', args, outputs: [] };
  }
  cursor.next();
  const name = readName(cursor);
  const call = name?.[name.length - 1]?.text.toLowerCase() ?? '';
  if (call === 'infer_schema') {
    const stage = stageIn(cursor, close);
    cursor.at = close + 1;
    if (stage !== undefined) return { kind: 'table', source: stage };
  }
  if (cursor.dialect === 'oracle' && cursor.at === close) {
    // Oracle's TABLE(t.rows) and TABLE(variable) are the rows of a value.
    const args = readExpression(cursor, close - 2 * (name?.length ?? 0) + 1, close);
    cursor.at = close + 1;
    return { kind: 'function', args, outputs: [] };
  }
  const isTable = name !== undefined && cursor.at === close;
  const relation: Relation | undefined = isTable
    ? { kind: 'table', source: name }
    : cursor.sees('(')
      ? readCall(cursor, call)
      : undefined;
  cursor.at = close + 1;
  return relation ?? { kind: 'function', args: newExpression(), outputs: [] };
}

/** The stage of `LOCATION => '@stage/dir/'` in a call's arguments. */
function stageIn(cursor: Cursor, close: number): Location | undefined {
  for (let index = cursor.at; index < close; index += 1) {
    const token = cursor.token(index);
    if (token.kind !== 'string' || !token.text.startsWith('@')) continue;
    cursor.usesLiterals = true;
    return { path: stageName(token.text) };
  }
  return undefined;
}

export function readCall(cursor: Cursor, name: string): Relation {
  const close = cursor.closeOf(cursor.at);
  // Databricks' `table_changes('s.t', 2)`
  if (name === 'table_changes' && cursor.peek(1).kind === 'string') {
    const { text } = cursor.peek(1);
    cursor.at = close + 1;
    return { kind: 'table', source: tableInText(cursor, text) };
  }
  const end = name.endsWith('_table') ? endOfFirstArgument(cursor, close) : close + 1;
  const args: Expression = readExpression(cursor, cursor.at, end);
  const outputs = name === 'json_table' ? tableColumns(cursor, end, close) : outputsOf(cursor, name);
  cursor.at = close + 1;
  return { kind: 'function', args, outputs };
}

/** Columns of a function that always has the same; none where they are not known. */
function outputsOf({ dialect }: Cursor, name: string): readonly string[] {
  if (name === 'flatten') return FLATTEN_OUTPUTS;
  return dialect === 'sqlite' && (name === 'json_each' || name === 'json_tree') ? JSON_OUTPUTS : [];
}

/** Names in `COLUMNS (a INT PATH '…', NESTED PATH '…' COLUMNS (b …))` between two places. */
function tableColumns(cursor: Cursor, from: number, to: number): string[] {
  const names: string[] = [];
  for (let index = from; index < to; index += 1) {
    if (cursor.token(index).word !== 'columns' || cursor.token(index + 1).word !== '(') continue;
    const close = cursor.closeOf(index + 1);
    for (let start = index + 2; start < close;) {
      const end = Math.min(endOf(cursor, start, { comma: true }), close);
      if (cursor.token(start).word === 'nested') names.push(...tableColumns(cursor, start, end));
      else if (isName(cursor.token(start))) names.push(columnAt(cursor, cursor.token(start)));
      start = end + 1;
    }
    index = close;
  }
  return names;
}

/** JSON_TABLE and XMLTABLE name paths and types after their first argument. */
function endOfFirstArgument(cursor: Cursor, close: number): number {
  return Math.min(endOf(cursor, cursor.at + 1, { comma: true }), close);
}

/** `LATERAL VIEW [OUTER] explode(x) t AS a, b`. */
export function readLateralView(cursor: Cursor): Relation {
  cursor.at += 2;
  cursor.take('outer');
  readName(cursor);
  const relation = readCall(cursor, '');
  const alias =
    isName(cursor.peek()) && !cursor.sees('as') && !cursor.seesAny(NOT_RELATION_ALIAS) ? cursor.next().text : undefined;
  const columnAliases: string[] = [];
  if (cursor.take('as')) {
    do columnAliases.push(cursor.next().text);
    while (cursor.sees(',') && !cursor.sees(',', 'lateral') && cursor.take(','));
  }
  return { ...relation, ...(alias === undefined ? {} : { alias }), columnAliases };
}
