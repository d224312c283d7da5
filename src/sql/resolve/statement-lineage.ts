import type { StatementKind } from '../query-lineage.js';
import type { ColumnEdge, JoinPair } from './outputs.js';
import type { TableRef } from './table-ref.js';

/** What one statement reads, writes and moves. */
export interface StatementLineage {
  readonly kind: StatementKind;
  readonly reads: readonly TableRef[];
  readonly writes: readonly TableRef[];
  readonly columns: readonly ColumnEdge[];
  readonly joins: readonly JoinPair[];
  readonly renames?: readonly { readonly from: TableRef; readonly to: TableRef }[];
  readonly drops?: readonly TableRef[];
  /** Tables that change without any data flowing. */
  readonly changes?: readonly TableRef[];
  /** Keys of tables that it reads for nothing but the rows that it deletes. */
  readonly onlyLose?: ReadonlySet<string>;
  /** Tables whose former rows go to where their new ones come from. */
  readonly gives?: readonly TableRef[];
  /** Tables that are empty from here on. */
  readonly empties?: readonly TableRef[];
  /** Nothing flows any further, unless a later statement reads what it keeps. */
  readonly isCache?: true;
  /** Two tables that change places. */
  readonly swaps?: { readonly left: TableRef; readonly right: TableRef };
  /** Statements of a procedure's body. */
  readonly body?: readonly StatementLineage[];
}
