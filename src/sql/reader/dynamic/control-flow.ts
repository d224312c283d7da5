import type { Cursor } from '../cursor.js';
import { oncePerText } from '../once-per-text.js';
import type { Branch } from './flow-tree.js';
import type { Handler } from './handlers.js';
import { procedureFlow } from './procedure-flow.js';
import { tsqlFlow } from './tsql-flow.js';

interface Flow {
  readonly whole: Branch | undefined;
  readonly handlers: readonly Handler[];
}

/** How the statements of a text follow each other; `undefined` where they are nested too deeply. */
export function flowOf(cursor: Cursor): Branch | undefined {
  return readFlow(cursor).whole;
}

/** What runs where a statement of a text fails, and is declared before. */
export function handlersOf(cursor: Cursor): readonly Handler[] {
  return readFlow(cursor).handlers;
}

const readFlow = oncePerText((cursor): Flow =>
  cursor.dialect === 'tsql' ? { whole: tsqlFlow(cursor), handlers: [] } : procedureFlow(cursor)
);
