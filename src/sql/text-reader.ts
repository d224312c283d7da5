import { dialectTraits, type Dialect } from './dialect.js';
import type { GrammarParser } from './grammar/grammar-parser.js';
import { resolveLineage } from './parse-lineage.js';
import type { LineageOptions, QueryLineage } from './query-lineage.js';
import { tokenize } from './reader/lexer.js';
import { TemplateCache, templateKey } from './template-cache.js';
import { readTokenList } from './token-front-end.js';

export interface TextReaderOptions {
  /** Templates whose lineage is kept. Default 2,000; 0 reads every text anew. */
  readonly templates?: number;
  /** Texts longer than this (in characters) are never given to the grammar parsers. Default 65,536. */
  readonly grammarCap?: number;
}

/** Loads the grammar parsers in the order they are asked for a dialect; called at the first text that needs them. */
export type GrammarLoader = (dialect: Dialect) => Promise<readonly GrammarParser[]>;

/** What is being done to a text: told so that a watcher knows whom to blame. */
export type Phase = 'tokens' | 'loading' | 'grammar';

/**
 * Reads texts one after another: the template cache first, then the project's own reader, then, only where that one has doubts, the
 * grammar parsers; when these refuse the text, the doubtful reading stands.
 */
export class TextReader {
  readonly #cache: TemplateCache | undefined;
  readonly #grammarCap: number;

  constructor(
    private readonly grammars: GrammarLoader | undefined,
    options: TextReaderOptions = {}
  ) {
    const templates = options.templates ?? 2000;
    this.#cache = templates === 0 ? undefined : new TemplateCache(templates);
    this.#grammarCap = options.grammarCap ?? 65_536;
  }

  /** Texts answered from the template cache so far. */
  get hits(): number {
    return this.#cache?.hits ?? 0;
  }

  async read(
    sql: string,
    dialect: Dialect,
    options: LineageOptions = {},
    onPhase?: (phase: Phase) => void
  ): Promise<QueryLineage> {
    const traits = dialectTraits(dialect);
    const list = tokenize(sql, traits);
    const key = this.#cache === undefined ? undefined : templateKey(list, dialect, options);
    const known = key === undefined ? undefined : this.#cache?.get(key);
    if (known !== undefined) return known;
    const own = readTokenList(list, dialect, options.optionalSemicolon);
    const needsGrammar = own.doubts.length > 0 && this.grammars !== undefined && sql.length <= this.#grammarCap;
    const lineage =
      (needsGrammar ? await this.#askGrammars(sql, dialect, options, onPhase) : undefined) ??
      resolveLineage(own, 'tokens', dialect, options);
    if (key !== undefined && !own.usesLiterals) this.#cache?.set(key, lineage);
    return lineage;
  }

  async #askGrammars(
    sql: string,
    dialect: Dialect,
    options: LineageOptions,
    onPhase: ((phase: Phase) => void) | undefined
  ): Promise<QueryLineage | undefined> {
    onPhase?.('loading');
    const parsers = (await this.grammars?.(dialect)) ?? [];
    onPhase?.('grammar');
    for (const parser of parsers) {
      const reading = parser.read(sql, dialect);
      if (reading !== undefined) return resolveLineage(reading, parser.name, dialect, options);
    }
    return undefined;
  }
}
