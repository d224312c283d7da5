import type { Trigger } from '../statement-tree.js';
import type { ResolveContext } from './context.js';
import type { TableRef } from './table-ref.js';
import { CteScope, type TriggerRows } from './queries.js';
import { indexed, Scope } from './scope.js';

/**
 * The changed row of a trigger's body, brought into scope; `used` tells whether a statement asked for a column of it.
 */
export class TriggerRow implements TriggerRows {
  readonly scope: Scope;
  readonly ctes = new CteScope();
  readonly table: TableRef;
  used = false;

  constructor(trigger: Trigger, context: ResolveContext) {
    this.table = context.table(trigger.table);
    this.scope = new Scope(undefined, context.structs);
    const outputs = context.outputsOf(this.table);
    const onUse = (): void => {
      this.used = true;
    };
    for (const alias of trigger.rows)
      this.scope.bounds.push({
        alias: alias.toLowerCase(),
        ignoresCase: true,
        parts: [],
        table: undefined,
        ...indexed(outputs),
        onUse,
      });
    for (const name of trigger.tables) this.ctes.set(name, outputs);
  }
}
