import { MAX_RECORD_MIB, type CsvRecord, type Place } from './csv-records.js';
import { damageUpTo, type DamagedRow, type HeadedFile } from './damaged-row.js';
import { readFilePart } from './file-part.js';
import { isTime, nextRow } from './next-row.js';
import { strictRow } from './strict-row.js';

/** Records of a file for which is looked what stands behind them. */
const MOST_LOOKS = 100;

/** What is wrong with the quotes of records that the parser could read: it takes more than the standard has. */
export class QuoteFaults {
  #looks = 0;

  constructor(private readonly file: HeadedFile) {}

  /** Whether a record is to be looked at; in one that isn't all quotes are as they should be. */
  isOdd({ fields }: CsvRecord): boolean {
    const { header, lineEnd } = this.file;
    // the parser leaves the quotes to a field in which one is closed before its end
    if (fields.some((field) => field.startsWith('"'))) return true;
    if (header.startTime === undefined) return false;
    // of a row that is swallowed, or of the one that does, the time is in the text
    return fields.some(
      (field) => field.includes(lineEnd) && field.split(lineEnd).some((line) => line.split(',').some(isTime))
    );
  }

  /**
   * @returns the damage when rows are part of the record, as a quote of a later row closed that of the first;
   * `bare quotes` when none is known to be, but a quote inside of quotes is written once
   */
  async of({ fields, begins, ends }: CsvRecord): Promise<DamagedRow | 'bare quotes' | undefined> {
    const { file } = this;
    const part = await readFilePart(file, { from: begins.byte, to: ends.byte, size: ends.byte });
    const row = strictRow(part.text, 0, file.lineEnd);
    const isStrict = typeof row === 'object' && row.end === part.text.length;
    const isSound = isStrict && this.#isSound(fields);
    // a text ends with a comma when what closes it is the quote before the next row's text
    if (isSound && fields.at(-1)?.endsWith(',') !== true) return undefined;
    const inside = nextRow(part, { ...file, begins });
    const next = isSound || inside === 'open' ? await this.#behind(begins, part.text.length) : inside;
    if (next !== undefined) return damageUpTo(begins, typeof inside === 'object' ? inside : next);
    return isStrict ? undefined : 'bare quotes';
  }

  /** A field for each column, and several lines in the text alone: elsewhere they are rows that a quote took. */
  #isSound(fields: readonly string[]): boolean {
    const { header, lineEnd } = this.file;
    const text = header.places.get('query_text');
    return (
      fields.length === header.names.length && fields.every((field, at) => at === text || !field.includes(lineEnd))
    );
  }

  /** The row that begins in a record and ends behind it. */
  async #behind(begins: Place, length: number): Promise<Place | undefined> {
    if (this.#looks === MOST_LOOKS) return undefined;
    this.#looks += 1;
    const { size } = await this.file.handle.stat();
    const to = Math.min(size, begins.byte + MAX_RECORD_MIB * 1024 * 1024);
    const part = await readFilePart(this.file, { from: begins.byte, to, size });
    const next = nextRow(part, { ...this.file, begins, before: length, behind: length });
    return typeof next === 'object' ? next : undefined;
  }
}
