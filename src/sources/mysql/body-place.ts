import type { StoredBody } from './stored-bodies.js';
import type { SqlMode } from './thread-modes.js';

/** Where a statement of a stored body ran. */
export interface BodyPlace {
  /** Empty where it can't be told. */
  readonly schema: string;
  /** By the statement before it alone, as what that calls may call others again; or another body may have run it. */
  readonly isGuess: boolean;
  /** A statement of a block that the session sent: the block's own text has it, too. */
  readonly isOfBlock?: true;
  /** It is of another thread than that which had its number before. */
  readonly isAside?: true;
  /** The time zone that it ran in, where that is not its session's. */
  readonly zone?: string | undefined;
  /** The sql_mode that its body is read by, where that is known. */
  readonly mode?: SqlMode | undefined;
}

export function schemasOf(bodies: readonly StoredBody[]): ReadonlySet<string> {
  return new Set(bodies.map(({ schema }) => schema));
}

/** Empty where there are several, or none. */
export function only(schemas: ReadonlySet<string>): string {
  const [first = '', ...others] = schemas;
  return others.length === 0 ? first : '';
}
