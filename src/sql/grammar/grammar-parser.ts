import type { Dialect } from '../dialect.js';
import type { ParserName } from '../query-lineage.js';
import type { Reading } from '../token-front-end.js';

/** A grammar parser behind the small tree. */
export interface GrammarParser {
  readonly name: Exclude<ParserName, 'tokens'>;
  /** The reading of a text, or `undefined` when the grammar refuses it. Throws WasmTrap when its instance is lost. */
  read(sql: string, dialect: Dialect): Reading | undefined;
}

/** Thrown when a parser's Wasm instance trapped: every later call in this thread would fail, so the thread has to be replaced. */
export class WasmTrap extends Error {
  override readonly name = 'WasmTrap';

  constructor(
    readonly parser: string,
    cause: unknown
  ) {
    super(`${parser}: its Wasm instance trapped`, { cause });
  }
}

/** True for the errors by which a lost Wasm instance shows. */
export function isTrap(error: unknown): boolean {
  if (error instanceof Error && error.name === 'RuntimeError') return true;
  return /memory access out of bounds|unreachable/.test(String(error));
}
