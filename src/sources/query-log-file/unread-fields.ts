import { countWords } from '../../contract/count-words.js';
import type { LogRow } from './log-files.js';
import { isAbortedWord, numberOf, toMilliseconds } from './log-values.js';

/** Characters of a value that are shown. */
const SHOWN = 40;

interface Field {
  readonly column: 'duration' | 'cost' | 'end_time' | 'aborted';
  readonly isRead: (value: string) => boolean;
  readonly fault: string;
}

const FIELDS: readonly Field[] = [
  { column: 'duration', isRead: isNumber, fault: "isn't a number of 0 or more and counts for nothing" },
  { column: 'cost', isRead: isNumber, fault: "isn't a number of 0 or more and counts for nothing" },
  {
    column: 'end_time',
    isRead: (value) => toMilliseconds(value) !== undefined,
    fault: "isn't a time and counts for nothing",
  },
  { column: 'aborted', isRead: isAbortedWord, fault: 'is neither true nor false and is taken for false' },
];

/** Counts the fields of a file that can't be read and that a row does without. */
export class UnreadFields {
  readonly #found = new Map<Field, { rows: number; readonly first: string }>();

  /** @param n number of the row, from 1 */
  look(row: LogRow, n: number): void {
    for (const field of FIELDS) {
      const value = row[field.column];
      if (value === undefined || field.isRead(value)) continue;
      const known = this.#found.get(field);
      if (known === undefined) this.#found.set(field, { rows: 1, first: `row ${n}: ${value.slice(0, SHOWN)}` });
      else known.rows += 1;
    }
  }

  /** One for each column. @param file its name */
  warnings(file: string): string[] {
    return [...this.#found].map(
      ([{ column, fault }, { rows, first }]) =>
        `${file}: ${column} of ${countWords(rows, 'row', 'rows')} ${fault}, first in ${first}`
    );
  }
}

function isNumber(value: string): boolean {
  return numberOf(value) !== undefined;
}
