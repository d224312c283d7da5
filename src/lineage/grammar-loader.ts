import type { Dialect } from './dialect.js';
import type { GrammarParser } from './grammar-parsers.js';

/** Loads the grammar parsers of a dialect, in the order they are asked. */
export async function loadGrammars(_dialect: Dialect): Promise<readonly GrammarParser[]> {
  return [];
}
