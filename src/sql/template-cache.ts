import { LRUCache } from 'lru-cache';
import type { Dialect } from './dialect.js';
import type { LineageOptions, QueryLineage } from './query-lineage.js';
import type { TokenList } from './reader/token.js';

/** Longer templates are not kept: few repeat, and they would fill the cache. */
const MAX_TEMPLATE_CHARS = 16_384;

/**
 * Lineages by template: the SQL with its literals folded. Bounded by entries and, through the length of a template, by
 * bytes (2,000 entries of usual size are about 5 MB); the least recently used entry goes first.
 */
export class TemplateCache {
  readonly #entries: LRUCache<string, QueryLineage>;
  hits = 0;

  constructor(capacity: number) {
    this.#entries = new LRUCache({ max: capacity });
  }

  get(key: string): QueryLineage | undefined {
    const found = this.#entries.get(key);
    if (found !== undefined) this.hits += 1;
    return found;
  }

  set(key: string, lineage: QueryLineage): void {
    this.#entries.set(key, lineage);
  }
}

/** Separates tokens: no SQL has it outside literals, which are folded. */
const SEPARATOR = '\u0001';

/**
 * The key of a statement, `undefined` when it should not be cached: too long, or read with a schema given as a
 * function, which may answer differently next time.
 */
export function templateKey(list: TokenList, dialect: Dialect, options: LineageOptions): string | undefined {
  if (list.sql.length > MAX_TEMPLATE_CHARS || typeof options.schema === 'function') return undefined;
  const parts: string[] = [dialect, optionsKey(options)];
  let isInList = false;
  let last = '';
  for (const token of list.tokens) {
    const isLiteral = token.kind === 'string' || token.kind === 'number';
    if (token.word === '(') isInList = last === 'in';
    else if (token.word === ')') isInList = false;
    last = isLiteral ? '?' : token.word;
    // IN lists of any length are the same template.
    if (isInList && isLiteral && parts[parts.length - 1] === ',' && parts[parts.length - 2] === '?') parts.pop();
    else parts.push(isLiteral ? '?' : token.kind === 'quoted' ? `"${token.text}"` : token.text);
  }
  return parts.join(SEPARATOR);
}

function optionsKey(options: LineageOptions): string {
  return Object.keys(options).length === 0 ? '' : JSON.stringify(options);
}
