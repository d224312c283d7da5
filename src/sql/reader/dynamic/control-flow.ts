import type { Cursor } from '../cursor.js';
import type { Branch } from './flow-tree.js';
import type { Handler } from './handlers.js';
import { procedureFlow } from './procedure-flow.js';
import { tsqlFlow } from './tsql-flow.js';

interface Flow {
  readonly whole: Branch | undefined;
  readonly handlers: readonly Handler[];
}

const flows = new WeakMap<Cursor['list'], Flow>();

/** How the statements of a text follow each other; `undefined` where they are nested too deeply. */
export function flowOf(cursor: Cursor): Branch | undefined {
  return readFlow(cursor).whole;
}

/** What runs where a statement of a text fails, and is declared before. */
export function handlersOf(cursor: Cursor): readonly Handler[] {
  return readFlow(cursor).handlers;
}

function readFlow(cursor: Cursor): Flow {
  const known = flows.get(cursor.list);
  if (known !== undefined) return known;
  const flow = cursor.dialect === 'tsql' ? { whole: tsqlFlow(cursor), handlers: [] } : procedureFlow(cursor);
  flows.set(cursor.list, flow);
  return flow;
}
