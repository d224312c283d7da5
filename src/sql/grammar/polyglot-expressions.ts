import { newExpression, type ColumnReference, type Expression, type Name, type NamePart } from '../tree.js';
import { at, list, record, text, variant } from './json-tree.js';
import { isPolyglotQuery, polyglotQuery } from './polyglot-queries.js';

/** Parts of nodes that hold no values: types, frames, options. */
const SKIPPED: ReadonlySet<string> = new Set([
  'to',
  'data_type',
  'span',
  'alias',
  'unit',
  'parameters',
  'name',
  'inferred_type',
  'window_name',
]);

export function polyglotPart(value: unknown): NamePart | undefined {
  const node = record(value);
  const name = text(value) ?? text(node?.['name']);
  return name === undefined ? undefined : { text: name, quoted: node?.['quoted'] === true };
}

/** A table node's dotted name. */
export function polyglotName(table: unknown): Name {
  return ['catalog', 'schema', 'name'].flatMap((key) => polyglotPart(at(table, key)) ?? []);
}

/** Columns and subqueries of any node. */
export function polyglotExpression(node: unknown): Expression {
  const out = newExpression();
  collect(node, out, new Set());
  return out;
}

function columnOf(body: unknown): ColumnReference {
  const name = polyglotPart(at(body, 'name'))?.text ?? '';
  const table = polyglotPart(at(body, 'table'))?.text;
  return { parts: table === undefined ? [name] : [...table.split('.'), name] };
}

function collect(node: unknown, out: Expression, lambda: ReadonlySet<string>): void {
  if (Array.isArray(node)) {
    for (const entry of node) collect(entry, out, lambda);
    return;
  }
  const fields = record(node);
  if (fields === undefined) return;
  const tagged = variant(node);
  if (tagged !== undefined) {
    if (isPolyglotQuery(tagged.tag)) {
      out.queries.push(polyglotQuery(node));
      return;
    }
    switch (tagged.tag) {
      case 'column': {
        const column = columnOf(tagged.body);
        if (!lambda.has(column.parts[0] ?? '')) out.columns.push(column);
        return;
      }
      case 'exists':
        out.tests.push(polyglotQuery(at(tagged.body, 'this')));
        return;
      case 'lambda': {
        const names = list(at(tagged.body, 'parameters')).flatMap((parameter) => polyglotPart(parameter)?.text ?? []);
        collect(at(tagged.body, 'body'), out, new Set([...lambda, ...names]));
        return;
      }
      case 'eq':
        collectEquality(tagged.body, out);
        break;
      case 'count':
        if (at(tagged.body, 'star') === true) out.countsRows = true;
        break;
      case 'named_argument':
        collect(at(tagged.body, 'value'), out, lambda);
        return;
      default:
    }
  }
  for (const [key, value] of Object.entries(fields)) if (!SKIPPED.has(key)) collect(value, out, lambda);
}

function collectEquality(body: unknown, out: Expression): void {
  const left = at(body, 'left', 'column');
  const right = at(body, 'right', 'column');
  if (left !== undefined && right !== undefined) out.equalities.push({ left: columnOf(left), right: columnOf(right) });
}
