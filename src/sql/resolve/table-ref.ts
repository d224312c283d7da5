import type { Spelling } from '../query-lineage.js';

/** One table or path in the lineage of one SQL text. */
export interface TableRef {
  /** What tables are compared by. */
  readonly key: string;
  readonly name: string;
  /** As the engine stores them, where the dialect tells; else as written. */
  readonly parts: readonly string[];
  /** What its parts are compared by with qualifiers, in lower case. */
  readonly qualifier: readonly string[];
  readonly kind: 'table' | 'path';
  /** Other tables that its name may mean, in order: the path has further schemas, and none is known to have it. */
  readonly otherwise?: readonly Spelling[];
  /** Its name alone says that it is the session's own. */
  readonly temporary?: true;
  /** The transaction's end takes it away. */
  readonly isOfTransaction?: true;
  /** Key of the table that its name would mean without it. */
  readonly hides?: string;
  /** As it was before the statement changed it: what the statement writes doesn't flow out of it. */
  readonly isBefore?: true;
}
