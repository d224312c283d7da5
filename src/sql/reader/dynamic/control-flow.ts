import type { Cursor } from '../cursor.js';
import type { Branch } from './flow-tree.js';
import { procedureFlow } from './procedure-flow.js';
import { tsqlFlow } from './tsql-flow.js';

const flows = new WeakMap<Cursor['list'], Branch | undefined>();

/** How the statements of a text follow each other; `undefined` where they are nested too deeply. */
export function flowOf(cursor: Cursor): Branch | undefined {
  if (!flows.has(cursor.list))
    flows.set(cursor.list, cursor.dialect === 'tsql' ? tsqlFlow(cursor) : procedureFlow(cursor));
  return flows.get(cursor.list);
}
