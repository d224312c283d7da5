import { beginning } from '../errors/index.js';
import type { MeasureDialect, TableRef } from '../sources/index.js';
import { LiteralError, parseLiteral } from './python-literal.js';
import type { TemplateNames, ValueContext } from './rule-template.js';
import { TestAborted } from './test-aborted.js';
import type { TableFacts } from './test-rule.js';

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * How a rule's names and values are written for a table. A bare value that is a number stays one, the name of one of
 * the table's columns becomes that column, a list becomes its members, and anything else becomes a string literal: no
 * value becomes SQL.
 */
export function templateNames(
  dialect: MeasureDialect,
  ref: TableRef,
  table: TableFacts,
  column: string | undefined
): TemplateNames {
  const columns = new Set(table.columns.map(({ name }) => name));
  const bare = (value: string): string => {
    const text = value.trim();
    if (NUMBER.test(text)) return text;
    if (columns.has(text)) return dialect.quote(text);
    const list = listOf(text);
    if (list === undefined) return literal(dialect, value);
    return list.map((item) => (typeof item === 'number' ? String(item) : literal(dialect, String(item)))).join(', ');
  };
  return {
    table: dialect.tablePath(ref),
    backslashIn: dialect.backslashIn,
    ...(column === undefined ? {} : { column: dialect.quote(column) }),
    parameter: (name: string, value: string, context: ValueContext): string => {
      if (value.includes('\0')) throw new TestAborted(`parameter ${name} holds a NUL character.`);
      if (context === 'bare') return bare(value);
      if (context === 'in-text') return literal(dialect, value).slice(1, -1);
      if (/^[\p{L}\p{N}_ .$-]+$/u.test(value)) return value;
      throw new TestAborted(
        `parameter ${name} is ${JSON.stringify(beginning(value, 60))}, which can't be a part of a name.`
      );
    },
  };
}

function literal(dialect: MeasureDialect, value: string): string {
  return dialect.literal(value);
}

function listOf(text: string): readonly (string | number | boolean)[] | undefined {
  if (!/^[[(]/.test(text)) return undefined;
  try {
    const value = parseLiteral(text);
    if (!Array.isArray(value)) return undefined;
    return value.flatMap((item: unknown) =>
      typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean' ? [item] : []
    );
  } catch (error) {
    if (error instanceof LiteralError) return undefined;
    throw error;
  }
}
