import type { LoggedQuery } from '../query-log.js';
import type { LogRow } from './query-log-statements.js';

/**
 * After the wanted row number `row` of a pass, which ran `at`; `first` tells whether a later pass begins with the same
 * row.
 */
export interface LogRowPosition {
  readonly row: number;
  readonly first: string;
  readonly at: string;
}

/**
 * Numbers the wanted rows of a pass. A log only grows, so a row has the same number in each pass. If a log doesn't
 * begin as before, it was rotated in between, and reading resumes after the time of the last row.
 */
export class RowNumbers {
  #row = 0;
  #first: string | undefined;
  #byTime = false;

  constructor(
    private readonly behind: LogRowPosition | undefined,
    private readonly onRotated: () => void
  ) {}

  /** Of the window's first wanted row. */
  get first(): string {
    return this.#first ?? '';
  }

  /** True once a row has shown that the log was rotated. */
  get isRotated(): boolean {
    return this.#byTime;
  }

  /** The number of the row; undefined if it was read already. */
  next({ at, thread }: LogRow): number | undefined {
    const { behind } = this;
    if (this.#first === undefined) {
      this.#first = `${at} ${thread}`;
      this.#byTime = behind !== undefined && behind.first !== this.#first;
      if (this.#byTime) {
        this.#row = behind?.row ?? 0;
        this.onRotated();
      }
    }
    if (this.#byTime && at <= (behind?.at ?? '')) return undefined;
    this.#row += 1;
    return this.#byTime || this.#row > (behind?.row ?? 0) ? this.#row : undefined;
  }
}

/** A row as a query. Without a schema its unqualified names can't be told. */
export function toLogged(
  { at, account, body, took }: LogRow,
  database: string,
  schema: string | undefined
): LoggedQuery & { readonly startedAt: number } {
  const user = /\[([^\]]*)\] @ /.exec(account)?.[1] ?? '';
  const durationMs = took === null ? undefined : milliseconds(took);
  return {
    text: body,
    database,
    ...(schema === undefined ? {} : { schema }),
    startedAt: Math.floor(Number(at) * 1000),
    ...(durationMs === undefined ? {} : { durationMs }),
    ...(user === '' ? {} : { user }),
  };
}

/** Of `HH:MM:SS.ffffff`. */
function milliseconds(took: string): number | undefined {
  const match = /^(\d+):(\d+):(\d+(?:\.\d+)?)$/.exec(took);
  if (match === null) return undefined;
  const [hours = 0, minutes = 0, seconds = 0] = match.slice(1).map(Number);
  return Math.round((hours * 3600 + minutes * 60 + seconds) * 1000);
}
