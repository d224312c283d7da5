import type { FileHandle } from 'node:fs/promises';
import { PermanentError } from '../../errors/index.js';
import { csvRecords, MAX_RECORD_MIB, type EndlessRecord, type Place } from './csv-records.js';
import { damagedRow, type DamagedRow } from './damaged-row.js';
import { fileBytes } from './file-bytes.js';
import type { FileForm } from './find-line-end.js';
import { logHeader, type LogHeader } from './log-header.js';
import { QuoteFaults } from './quote-faults.js';

/** Rows with quotes that aren't closed, of one file, behind which reading goes on. */
const MOST_DAMAGED = 100;

interface LogFile extends FileForm {
  readonly handle: FileHandle;
  readonly file: string;
  readonly signal: AbortSignal;
  /** Called once. */
  readonly onHeader: (header: LogHeader) => void;
}

/** A record behind the header. */
export interface HeadedRecord {
  readonly header: LogHeader;
  readonly fields: readonly string[];
  /** Where it begins. */
  readonly line: number;
  /** Whether a quote inside of quotes is written once, so that a field isn't what was meant. */
  readonly hasBareQuotes: boolean;
}

/**
 * The records of a file behind its header, without empty lines. Behind a row whose quote isn't closed, reading goes on
 * where that is sound.
 * @throws PermanentError when the header can't be used, a row is too long, or too many rows have quotes without an end
 */
export async function* logRecords(log: LogFile): AsyncGenerator<HeadedRecord | DamagedRow> {
  const reader = new RecordReader(log);
  for (let damaged = 1, from: Place | undefined = { byte: 0, line: 1 }; from !== undefined; damaged += 1) {
    const damage: DamagedRow | undefined = yield* reader.untilDamage(from);
    if (damage !== undefined) yield damage;
    from = damage?.next;
    if (from === undefined || damaged < MOST_DAMAGED) continue;
    const reason = `${MOST_DAMAGED} rows have quotes that are not closed; nothing is read from line ${from.line} on`;
    throw unreadableFile(log.file, reason);
  }
}

class RecordReader {
  #headed: { readonly header: LogHeader; readonly faults: QuoteFaults } | undefined;

  constructor(private readonly log: LogFile) {}

  async *untilDamage(from: Place): AsyncGenerator<HeadedRecord, DamagedRow | undefined> {
    const { handle, signal, lineEnd, encoding } = this.log;
    const source = fileBytes(handle, from.byte, signal);
    const records = csvRecords(source, { from, lineEnd, encoding });
    try {
      for (;;) {
        const next = await records.next();
        if (next.done === true) return next.value && (await this.#endless(next.value));
        const { fields, begins } = next.value;
        if (this.#headed === undefined) this.#begin(fields);
        else if (fields.length > 1 || fields[0] !== '') {
          const { header, faults } = this.#headed;
          const fault = faults.isOdd(next.value) ? await faults.of(next.value) : undefined;
          if (typeof fault === 'object') return fault;
          yield { header, fields, line: begins.line, hasBareQuotes: fault === 'bare quotes' };
        }
      }
    } finally {
      await records.return(undefined);
    }
  }

  #begin(fields: readonly string[]): void {
    const header = logHeader(fields, this.log.file);
    this.#headed = { header, faults: new QuoteFaults({ ...this.log, header }) };
    this.log.onHeader(header);
  }

  async #endless({ begins, fault }: EndlessRecord): Promise<DamagedRow> {
    const { log } = this;
    if (this.#headed === undefined) throw unreadableFile(log.file, 'a quote in its first line is not closed');
    const damage = await damagedRow({ ...log, header: this.#headed.header }, begins);
    if (damage.next !== undefined || fault === 'unclosed') return damage;
    throw unreadableFile(log.file, `a row is longer than ${MAX_RECORD_MIB} MiB at line ${begins.line}`);
  }
}

/** @param reason without a content of the file */
export function unreadableFile(file: string, reason: string): PermanentError {
  return new PermanentError(`${file} is not a CSV file that can be read: ${reason}`, { where: file });
}
