import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { openQueryLogFile, openUsageLogFile, type LogRecord, type UsageRecord } from '../../../src/sources/index.js';

const HEADER = 'query_text,start_time,schema_name';
const AT = '2026-11-28 10:00:00,public';

describe('a query log in a CSV file that is not as it should be', () => {
  let folder: string;
  let file: string;
  let warnings: string[];

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'om-csv-damaged-'));
    file = path.join(folder, 'log.csv');
  });
  beforeEach(() => (warnings = []));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const shown = (record: LogRecord | UsageRecord): string => {
    if (record.kind === 'query') return record.text;
    return record.kind === 'unreadable' ? `${record.where}: ${record.reason}` : record.kind;
  };

  const context = () => ({
    signal: new AbortController().signal,
    onWarning: (text: string) => void warnings.push(text),
  });

  /** The texts and failures of a file, as lineage reads them. */
  async function lineage(lines: readonly string[], end = '\n', encoding: BufferEncoding = 'utf8'): Promise<string[]> {
    writeFileSync(file, lines.map((line) => `${line}${end}`).join(''), encoding);
    const options = { resultLimit: 0, storedProcedures: false };
    const log = await openQueryLogFile(file, context());
    const read: string[] = [];
    for (const window of await log.windows({ from: 0, to: 1 }, options))
      for await (const { record } of log.read(window, options)) read.push(shown(record));
    return read;
  }

  /** The same, as usage reads them. */
  async function usage(lines: readonly string[], encoding: BufferEncoding = 'utf8', after?: number): Promise<string[]> {
    writeFileSync(file, lines.map((line) => `${line}\n`).join(''), encoding);
    const options = { resultLimit: 0, users: { includes: [], excludes: [] } };
    const log = await openUsageLogFile(file, context());
    const read: string[] = [];
    for (const window of await log.windows({ from: 0, to: 1 }, options))
      for await (const { record } of log.read(window, options, after === undefined ? undefined : { rows: after }))
        read.push(shown(record));
    return read;
  }

  const rows = (count: number, table: string): string[] =>
    Array.from({ length: count }, (_, n) => `select * from ${table} where id = ${n},${AT}`);
  const texts = (count: number, table: string): string[] => rows(count, table).map((row) => row.replace(`,${AT}`, ''));

  it('loses one row by a quote without an end, and goes on at the next line', async () => {
    const lines = [HEADER, `select * from a,${AT}`, `"select * from b,${AT}`, ...rows(2000, 'c')];
    for (const read of [lineage, usage])
      expect(await read(lines)).to.deep.equal([
        'select * from a',
        'log.csv, line 3: A quote at the beginning of a field of the row at line 3 is not closed: 1 line is lost (44 bytes); reading goes on at line 4. Close it, and write each quote inside of quotes twice.',
        ...texts(2000, 'c'),
      ]);
    // after a crash behind the failure
    expect(await usage(lines, 'utf8', 2)).to.deep.equal(texts(2000, 'c'));
  });

  it('loses no more when a quote of a later row closes it, whatever ends the lines', async () => {
    const lines = [HEADER, `"select * from b,${AT}`, ...rows(20, 'c'), `"select * from ""d""",${AT}`, ...rows(20, 'e')];
    const right = [...texts(20, 'c'), 'select * from "d"', ...texts(20, 'e')];
    for (const end of ['\n', '\r\n', '\r'])
      for (const encoding of ['utf8', 'utf16le'] as const) {
        const [failure, ...read] = await lineage([`\uFEFF${lines[0] ?? ''}`, ...lines.slice(1)], end, encoding);
        expect(failure, encoding).to.contain('log.csv, line 2: ').and.contain('goes on at line 3');
        expect(read, `${JSON.stringify(end)} ${encoding}`).to.deep.equal(right);
      }
  });

  it('takes no line of a statement for a row, so that a file that was cut off loses its end', async () => {
    const read = await usage([HEADER, ...rows(1, 'a'), '"insert into b', 'select x, y, z', 'from c', 'where d > 1']);
    expect(read).to.deep.equal([
      ...texts(1, 'a'),
      'log.csv, line 3: A quote at the beginning of a field of the row at line 3 is not closed: the rest of the file (4 lines, 49 bytes) is lost. Close it, and write each quote inside of quotes twice.',
    ]);
  });

  it('has statements of several lines whole, also those with lines that look like rows', async () => {
    const text = `insert into b values\n(1,2026-11-28 10:00:00,3)\n,2026-11-28 10:00:00,4`;
    expect(await usage([HEADER, `"${text}",${AT}`, `"select ""x""\nfrom y",${AT}`])).to.deep.equal([
      text,
      'select "x"\nfrom y',
    ]);
  });

  it('is given up after a hundred such rows, and when a row is too long for a query', async function () {
    this.timeout(60_000);
    const fault = (run: Promise<string[]>): Promise<string> => run.then(String, String);
    const bad = Array.from({ length: 101 }, () => [`"select * from b,${AT}`, ...rows(1, 'c')]).flat();
    expect(await fault(usage([HEADER, ...bad]))).to.contain(
      '100 rows have quotes that are not closed; nothing is read'
    );
    const log = await openUsageLogFile(file, context());
    writeFileSync(file, `${HEADER}\n"select * from b,${AT}\n${rows(1, 'c').join('')}\n"`);
    truncateSync(file, 40 * 1024 ** 2);
    const options = { resultLimit: 0, users: { includes: [], excludes: [] } };
    const read: string[] = [];
    const all = (async () => {
      for (const window of await log.windows({ from: 0, to: 1 }, options))
        for await (const { record } of log.read(window, options)) read.push(shown(record));
      return read;
    })();
    expect(await fault(all)).to.contain('a row is longer than 32 MiB at line 4');
    expect(read[1]).to.equal(texts(1, 'c')[0]);
  });

  it('without start_time says once what that means, and names columns that look like one that is missing', async () => {
    await usage(['query_text,startTime,schema_nam,note', `select 1,${AT},x`]);
    expect(warnings).to.deep.equal([
      `${file}: the column \`startTime\` is not read; is it start_time?`,
      `${file}: the column \`schema_nam\` is not read; is it schema_name?`,
      `${file} has no column start_time: all of its rows count on the day of the run, and once more on that of each later run. Not read: \`startTime\`, \`schema_nam\`, \`note\`.`,
    ]);
    warnings = [];
    await lineage(['query_text,note', 'select 1,x']);
    expect(warnings).to.deep.equal([]);
  });

  it('says which rows have no time, and refuses one that ends before it', async () => {
    const read = await usage([HEADER, 'select 1', '', 'select 2,,public', `select 3,${AT},extra`, `select 4,${AT},,`]);
    expect(read).to.deep.equal([
      'log.csv, row 1: it has too few fields, and ends before start_time.',
      'select 2',
      'select 3',
      'select 4',
    ]);
    expect(warnings).to.deep.equal([
      'log.csv: 1 row has more fields than the header has names, as by a comma in a text that is not in quotes, first row 3',
      'log.csv: 1 row has fewer fields than the header has names, first row 1',
      'log.csv: 1 row has an empty start_time: such a row counts on the day of the run, and once more on that of each later run, first row 2',
    ]);
  });

  it('is refused when it has a column twice that is read, and says when it is not UTF-8', async () => {
    const fault = await usage(['query_text,Query_Text,x,x', 'select 1,select 2,,']).then(String, String);
    expect(fault).to.contain('has the column query_text twice: columns 1 and 2');
    await usage([HEADER, `select * from a,${AT}`, `select * from größe,${AT}`], 'latin1');
    expect(warnings).to.deep.equal([
      'log.csv: 1 row has signs that are not UTF-8, so that names with them are not found: save the file as UTF-8, first row 2',
    ]);
  });
});
