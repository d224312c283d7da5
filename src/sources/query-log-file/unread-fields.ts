import { beginning } from '../../errors/index.js';
import { countWords } from '../../contract/count-words.js';
import type { LogRow } from './log-row.js';
import { isAbortedWord, numberOf, toMilliseconds } from './log-values.js';

/** Characters of a value that are shown. */
const SHOWN = 40;

interface Field {
  readonly column: 'duration' | 'cost' | 'end_time' | 'aborted';
  readonly isRead: (value: string, row: LogRow) => boolean;
  readonly fault: string;
}

/** The sign that decoders put for bytes that are no UTF-8. */
const NO_UTF8 = '\uFFFD';
const NAMES = ['query_text', 'database_name', 'schema_name', 'user_name'] as const;

/** What a row as a whole may have. */
interface RowFault {
  readonly isOf: (row: LogRow) => boolean;
  readonly told: (rows: string) => string;
}

const MANY_FIELDS: RowFault = {
  isOf: ({ surplus }) => surplus > 0,
  told: (rows) => `${rows} more fields than the header has names, as by a comma in a text that is not in quotes`,
};
const FEW_FIELDS: RowFault = {
  isOf: ({ surplus }) => surplus < 0,
  told: (rows) => `${rows} fewer fields than the header has names`,
};
const NOT_UTF8: RowFault = {
  isOf: (row) => NAMES.some((column) => row[column]?.includes(NO_UTF8) === true),
  told: (rows) => `${rows} signs that are not UTF-8, so that names with them are not found: save the file as UTF-8`,
};
const NO_TIME: RowFault = {
  isOf: ({ time }) => time === 'empty',
  told: (rows) =>
    `${rows} an empty start_time: such a row counts on the day of the run, and once more on that of each later run`,
};

const BARE_QUOTES: RowFault = {
  isOf: ({ hasBareQuotes }) => hasBareQuotes,
  told: (rows) =>
    `${rows} a quote inside of quotes that is written once or behind a backslash, or one that is not closed, so that the text is not what ran: close each, and write each quote inside of quotes twice`,
};

const FIELDS: readonly Field[] = [
  { column: 'duration', isRead: isNumber, fault: "isn't a number of 0 or more and counts for nothing" },
  { column: 'cost', isRead: isNumber, fault: "isn't a number of 0 or more and counts for nothing" },
  {
    column: 'end_time',
    isRead: (value) => toMilliseconds(value) !== undefined,
    fault: "isn't a time and counts for nothing",
  },
  {
    column: 'end_time',
    isRead: isNotBefore,
    fault: 'is before start_time and counts for nothing',
  },
  { column: 'aborted', isRead: isAbortedWord, fault: 'is neither true nor false and is taken for false' },
];

/** Counts the fields of a file that can't be read and that a row does without, and odd rows. */
export class UnreadFields {
  readonly #found = new Map<Field, { rows: number; readonly first: string }>();
  readonly #faults: readonly { readonly fault: RowFault; rows: number; first: string }[];

  /** @param needsTime rows without a time count on the day of the run */
  constructor(needsTime = false) {
    const faults = [BARE_QUOTES, MANY_FIELDS, FEW_FIELDS, NOT_UTF8, ...(needsTime ? [NO_TIME] : [])];
    this.#faults = faults.map((fault) => ({ fault, rows: 0, first: '' }));
  }

  /** @param n number of the row, from 1 */
  look(row: LogRow, n: number): void {
    for (const each of this.#faults) {
      if (!each.fault.isOf(row)) continue;
      if (each.rows === 0) each.first = `row ${n}, line ${row.line}`;
      each.rows += 1;
    }
    for (const field of FIELDS) {
      const value = row[field.column];
      if (value === undefined || field.isRead(value, row)) continue;
      const known = this.#found.get(field);
      if (known === undefined)
        this.#found.set(field, { rows: 1, first: `row ${n}, line ${row.line}: ${beginning(value, SHOWN)}` });
      else known.rows += 1;
    }
  }

  /** One for each column. @param file its name */
  warnings(file: string): string[] {
    const ofRows = this.#faults
      .filter(({ rows }) => rows > 0)
      .map(
        ({ fault, rows, first }) =>
          `${file}: ${fault.told(countWords(rows, 'row has', 'rows have'))}, first in ${first}`
      );
    const ofFields = [...this.#found].map(
      ([{ column, fault }, { rows, first }]) =>
        `${file}: ${column} of ${countWords(rows, 'row', 'rows')} ${fault}, first in ${first}`
    );
    return [...ofRows, ...ofFields];
  }
}

function isNumber(value: string): boolean {
  return numberOf(value) !== undefined;
}

/** Times of this form compare as texts, a day that there isn't apart: that is another fault. */
const PLAIN = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+)?$/;

/** Whether a run ends when it begins or later, as far as both can be told. */
function isNotBefore(end: string, { start_time: start }: LogRow): boolean {
  if (start === undefined) return true;
  // most rows need no second reading of their times
  if (start <= end && start[10] === end[10] && PLAIN.test(start) && PLAIN.test(end)) return true;
  const [from, to] = [toMilliseconds(start), toMilliseconds(end)];
  return from === undefined || to === undefined || to >= from;
}
