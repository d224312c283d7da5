import type { Dialect } from '../dialect.js';
import type { GrammarParser } from './grammar-parser.js';

/**
 * Loads the grammar parsers of a dialect, in the order they are asked. Loading takes about half a second and 150 to 300 MB, so it waits
 * for the first text that needs it.
 */
export async function loadGrammars(dialect: Dialect): Promise<readonly GrammarParser[]> {
  const [{ polyglotParser }, { sqlparserParser }] = await Promise.all([
    import('./polyglot-parser.js'),
    import('./sqlparser-parser.js'),
  ]);
  return SQLPARSER_FIRST.has(dialect) ? [sqlparserParser, polyglotParser] : [polyglotParser, sqlparserParser];
}

/** Dialects whose texts sqlparser refuses less often than polyglot does. */
const SQLPARSER_FIRST: ReadonlySet<Dialect> = new Set(['mysql', 'mariadb', 'bigquery']);
