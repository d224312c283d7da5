import type { Readable } from 'node:stream';
import { parse, type CsvError } from 'csv-parse';

/** Nothing longer than this is a query; a file with such a record isn't a query log. */
export const MAX_RECORD_MIB = 32;

/** A place in a file where a record begins. */
export interface Place {
  readonly byte: number;
  /** From 1. */
  readonly line: number;
}

export interface CsvRecord {
  readonly fields: readonly string[];
  readonly begins: Place;
  /** Where the next one begins. */
  readonly ends: Place;
}

/** A record without an end. */
export interface EndlessRecord {
  readonly fault: 'unclosed' | 'too long';
  readonly begins: Place;
}

/** Lines may end in both ways in one file: its header was written on another machine than its rows. */
const MIXED = ['\r\n', '\n'];

const TOO_LONG = 'CSV_MAX_RECORD_SIZE';

/**
 * The records of a CSV file, streamed; a quote inside an unquoted field is that quote, as Python's reader has it.
 * @param source the file from `from` on
 * @param lineEnd what ends its lines
 * @returns the record that has no end, if there is one: nothing behind its beginning is read
 */
export async function* csvRecords(
  source: Readable,
  { from, lineEnd, encoding }: { readonly from: Place; readonly lineEnd: string; readonly encoding: BufferEncoding }
): AsyncGenerator<CsvRecord, EndlessRecord | undefined> {
  let endless: { readonly fault: EndlessRecord['fault']; readonly byte: number } | undefined;
  const parser = parse({
    bom: from.byte === 0,
    encoding,
    info: true,
    // never discovered by the parser, which would look for it at each byte of the header
    record_delimiter: lineEnd === '\r' ? lineEnd : MIXED,
    relax_column_count: true,
    relax_quotes: true,
    skip_records_with_error: true,
    on_skip: (error) => {
      if (endless !== undefined || error === undefined) return undefined;
      endless = { fault: error.code === TOO_LONG ? 'too long' : 'unclosed', byte: bytesOf(error) };
      // the parser can't find the end of such a record: what it makes of the rest is no record
      source.unpipe(parser);
      parser.end();
      return undefined;
    },
    max_record_size: MAX_RECORD_MIB * 1024 * 1024,
  });
  source.on('error', (error) => parser.destroy(error));
  parser.once('close', () => source.destroy());
  let begins = from;
  let twice = 0;
  const records = source.pipe(parser) as AsyncIterable<{
    readonly record: readonly string[];
    readonly info: { readonly bytes: number; readonly lines: number };
  }>;
  for await (const { record, info } of records) {
    if (endless !== undefined && info.bytes > endless.byte) break;
    if (from.line + info.lines - twice > begins.line + 1) twice += countedTwice(record);
    const ends = { byte: from.byte + info.bytes, line: from.line + info.lines - twice };
    yield { fields: record, begins, ends };
    begins = ends;
  }
  return endless === undefined ? undefined : { fault: endless.fault, begins };
}

/** Line ends within fields that the parser takes for two. */
function countedTwice(fields: readonly string[]): number {
  return fields.reduce((sum, field) => sum + field.split('\r\n').length - 1, 0);
}

/** Where the record begins that the error is about. */
function bytesOf(error: CsvError): number {
  const bytes: unknown = error['bytes'];
  return typeof bytes === 'number' ? bytes : 0;
}
