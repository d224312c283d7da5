import { newExpression, type Expression, type Name, type NamePart } from '../tree.js';
import { at, list, record, text, variant } from './json-tree.js';
import { sqlparserQuery } from './sqlparser-queries.js';

const SKIPPED: ReadonlySet<string> = new Set(['data_type', 'span', 'alias', 'name', 'name_token', 'window_frame']);

export function sqlparserPart(value: unknown): NamePart | undefined {
  const node = at(value, 'Identifier') ?? value;
  const name = text(at(node, 'value'));
  return name === undefined ? undefined : { text: name, quoted: text(at(node, 'quote_style')) !== undefined };
}

/** `[{"Identifier": …}, …]` as a dotted name. */
export function sqlparserName(value: unknown): Name {
  return list(value).flatMap((part) => sqlparserPart(part) ?? []);
}

export function sqlparserTexts(value: unknown): string[] {
  return list(value).flatMap((part) => sqlparserPart(part)?.text ?? sqlparserPart(list(part)[0])?.text ?? []);
}

/** Columns and subqueries of any node. */
export function sqlparserExpression(node: unknown): Expression {
  const out = newExpression();
  collect(node, out, new Set());
  return out;
}

/** The column of an identifier node. */
export function columnParts(node: unknown): readonly string[] | undefined {
  const tagged = variant(node);
  if (tagged?.tag === 'Identifier') {
    const part = sqlparserPart(tagged.body);
    return part === undefined ? undefined : [part.text];
  }
  return tagged?.tag === 'CompoundIdentifier' ? sqlparserTexts(tagged.body) : undefined;
}

function collect(node: unknown, out: Expression, lambda: ReadonlySet<string>): void {
  if (Array.isArray(node)) {
    for (const entry of node) collect(entry, out, lambda);
    return;
  }
  const fields = record(node);
  if (fields === undefined) return;
  const parts = columnParts(node);
  if (parts !== undefined) {
    if (!lambda.has(parts[0] ?? '')) out.columns.push({ parts });
    return;
  }
  const tagged = variant(node);
  switch (tagged?.tag) {
    case 'Subquery':
      out.queries.push(sqlparserQuery(tagged.body));
      return;
    case 'InSubquery':
      collect(at(tagged.body, 'expr'), out, lambda);
      out.queries.push(sqlparserQuery(at(tagged.body, 'subquery')));
      return;
    case 'Exists':
      out.tests.push(sqlparserQuery(at(tagged.body, 'subquery')));
      return;
    case 'Lambda': {
      const { body } = tagged;
      const names = sqlparserTexts(at(body, 'params', 'Many') ?? [at(body, 'params', 'One')]);
      collect(at(body, 'body'), out, new Set([...lambda, ...names]));
      return;
    }
    case 'Function':
      if (JSON.stringify(at(tagged.body, 'args')).includes('"Unnamed":"Wildcard"')) out.countsRows = true;
      break;
    case 'Interval':
      collect(at(tagged.body, 'value'), out, lambda);
      return;
    case 'BinaryOp':
      collectEquality(tagged.body, out);
      break;
    default:
  }
  for (const [key, value] of Object.entries(fields)) if (!SKIPPED.has(key)) collect(value, out, lambda);
}

function collectEquality(body: unknown, out: Expression): void {
  if (at(body, 'op') !== 'Eq') return;
  const left = columnParts(at(body, 'left'));
  const right = columnParts(at(body, 'right'));
  if (left !== undefined && right !== undefined)
    out.equalities.push({ left: { parts: left }, right: { parts: right } });
}
