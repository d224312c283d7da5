import type { SqlSession } from '../sql/index.js';
import type { FoundTable } from './table-finder.js';

/** A statement with what completes its names. */
export interface Text {
  readonly sql: string;
  readonly database?: string | undefined;
  readonly schema?: string | undefined;
  /** For a view: the entity that its SQL defines; whatever the SQL writes is this. */
  readonly view?: FoundTable;
  readonly queryType?: string | undefined;
  readonly durationMs?: number | undefined;
  readonly startedAt?: number | undefined;
  /** FQN of the stored procedure whose run sent the statement. */
  readonly procedureFqn?: string | undefined;
  /** The source takes names that differ by case for two, quoted or not. */
  readonly exactNames?: boolean | undefined;
  /** How the session that ran it read SQL. */
  readonly session?: SqlSession | undefined;
}
