import type { Statement, UseOf } from '../statement-tree.js';
import type { Cursor } from './cursor.js';
import { skipStatement } from './quiet-statements.js';

const NAMES: Readonly<Partial<Record<string, UseOf>>> = {
  '@@dataset_id': 'schema',
  '@@dataset_project_id': 'database',
};

/**
 * BigQuery's `SET @@dataset_id = 's'`, `SET (@@dataset_project_id, @@dataset_id) = ('p', 's')`: where names that aren't
 * whole are looked up. `undefined` (cursor unmoved) for all other variables, and values that aren't written out.
 */
export function readSystemVariables(cursor: Cursor): Statement | undefined {
  if (cursor.dialect !== 'bigquery' || !cursor.sees('set')) return undefined;
  const first = cursor.at + 1;
  const isList = cursor.token(first).word === '(';
  const sign = isList ? cursor.closeOf(first) + 1 : first + 1;
  if (cursor.token(sign).word !== '=') return undefined;
  const statements: Statement[] = [];
  for (let [name, value] = isList ? [first + 1, sign + 2] : [first, sign + 1]; ; name += 2, value += 2) {
    const what = NAMES[cursor.token(name).text.toLowerCase()];
    const { kind, text } = cursor.token(value);
    if (what !== undefined && kind === 'string') statements.push({ kind: 'use', what, name: [{ text, quoted: true }] });
    if (!isList || cursor.token(name + 1).word !== ',' || cursor.token(value + 1).word !== ',') break;
  }
  const last = statements.pop();
  if (last === undefined) return undefined;
  cursor.usesLiterals = true;
  skipStatement(cursor);
  cursor.side.push(...statements);
  return last;
}
