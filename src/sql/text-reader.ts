import type { Dialect } from './dialect.js';
import { resolveLineage } from './parse-lineage.js';
import type { LineageOptions, QueryLineage } from './query-lineage.js';
import { TemplateCache, templateKey } from './template-cache.js';
import { readTokenList, tokensOf } from './token-front-end.js';

export interface TextReaderOptions {
  /** Templates whose lineage is kept. Default 2,000; 0 reads every statement again. */
  readonly templates?: number;
}

/** Reads SQL statements one after another. Those that only differ in literals are read once. */
export class TextReader {
  readonly #cache: TemplateCache | undefined;

  constructor({ templates = 2000 }: TextReaderOptions = {}) {
    this.#cache = templates === 0 ? undefined : new TemplateCache(templates);
  }

  /** Statements answered from the template cache so far. */
  get hits(): number {
    return this.#cache?.hits ?? 0;
  }

  /** Never throws for anything in the SQL. */
  read(sql: string, dialect: Dialect, options: LineageOptions = {}): QueryLineage {
    const list = tokensOf(sql, dialect, options);
    const key = this.#cache === undefined ? undefined : templateKey(list, dialect, options);
    const known = key === undefined ? undefined : this.#cache?.get(key);
    if (known !== undefined) return known;
    const reading = readTokenList(list, dialect, options);
    const lineage = resolveLineage(reading, dialect, options);
    if (key !== undefined && !reading.usesLiterals) this.#cache?.set(key, lineage);
    return lineage;
  }
}
