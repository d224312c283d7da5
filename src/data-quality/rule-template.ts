import { splitFqn } from '../openmetadata/index.js';
import type { Parameters } from './parameters.js';
import { TestAborted } from './test-aborted.js';
import type { TableFacts } from './test-rule.js';

const PLACEHOLDER = /\{\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}\}/g;
/** What else Jinja has: filters, statements, comments. */
const OTHER = /\{[{%#]|[%#}]\}/;

/** @throws TestAborted when the server's definition has no SQL */
export function requireTemplate(template: string | undefined): string {
  if (template === undefined || template.trim() === '')
    throw new TestAborted('its test definition has no sqlExpression.');
  return template;
}

/** How a dialect writes what the template names. */
export interface TemplateNames {
  /** The table, quoted. */
  readonly table: string;
  /** The column, quoted; only for column rules. */
  readonly column?: string;
  /** A parameter's value in a form that may be put into SQL. */
  readonly parameter: (name: string, value: string, context: ValueContext) => string;
  /** As the engine reads the template's own quotes. */
  readonly backslashIn: string;
}

/** Where in the SQL a placeholder is. */
export type ValueContext = 'bare' | 'in-text' | 'in-identifier';

/**
 * Fills in a template of the rule library. `{{ table_name }}`, `{{ column_name }}` and `{{ <parameter> }}` are known;
 * nothing else in the template language is executed. Values can't break out of their place: a bare number stays a
 * number, any other bare value becomes a string literal, and inside quotes the closing quote is doubled.
 * @throws TestAborted for an unknown name, a missing value, or anything else from the template language
 */
export function fillTemplate(template: string, parameters: Parameters, names: TemplateNames): string {
  let filled = '';
  let from = 0;
  const context = new QuoteTracker(names.backslashIn);
  for (const match of template.matchAll(PLACEHOLDER)) {
    const before = template.slice(from, match.index);
    refuseOther(before);
    context.read(before);
    filled += before + valueOf(match[1] ?? '', parameters, names, context.state);
    from = match.index + match[0].length;
  }
  const rest = template.slice(from);
  refuseOther(rest);
  return filled + rest;
}

function valueOf(name: string, parameters: Parameters, names: TemplateNames, context: ValueContext): string {
  if (name === 'table_name') return names.table;
  if (name === 'column_name') {
    if (names.column === undefined) throw new TestAborted('its SQL names column_name, but the rule is one of a table.');
    return names.column;
  }
  const value = parameters.text(name);
  if (value === undefined) {
    const known = parameters.knows(name);
    throw new TestAborted(
      known
        ? `parameter ${name}, which its SQL names, is missing.`
        : `its SQL names ${name}, which is not one of its parameters.`
    );
  }
  return names.parameter(name, value, context);
}

function refuseOther(text: string): void {
  const found = OTHER.exec(text);
  if (found === null) return;
  const near = text.slice(Math.max(0, found.index - 10), found.index + 30);
  throw new TestAborted(
    `its SQL has ${JSON.stringify(near)}; only {{ name }} is known here, not the rest of the template language.`
  );
}

/** Follows quotes and comments through SQL, as far as placeholders need that. */
class QuoteTracker {
  #quote = '';

  constructor(private readonly backslashIn: string) {}

  get state(): ValueContext {
    if (this.#quote === "'") return 'in-text';
    return this.#quote === '' ? 'bare' : 'in-identifier';
  }

  read(sql: string): void {
    for (let at = 0; at < sql.length; at += 1) {
      const character = sql[at] ?? '';
      if (this.#quote !== '') {
        if (character === '\\' && this.backslashIn.includes(this.#quote)) at += 1;
        else if (character === this.#quote) this.#quote = '';
      } else if (character === "'" || character === '"' || character === '`') this.#quote = character;
      else if (sql.startsWith('--', at)) at = endOf(sql, '\n', at);
      else if (sql.startsWith('/*', at)) at = endOf(sql, '*/', at);
    }
  }
}

function endOf(sql: string, mark: string, from: number): number {
  const found = sql.indexOf(mark, from + 2);
  return found === -1 ? sql.length : found + mark.length - 1;
}

/** The table's own name, for messages. */
export function tableNameOf({ fqn }: TableFacts): string {
  return splitFqn(fqn).at(-1) ?? fqn;
}
