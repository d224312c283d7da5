import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { PermanentError } from '../../../src/errors/index.js';
import { checkQueryLogFile, openQueryLogFile, type CheckResult, type LogRecord } from '../../../src/sources/index.js';

const OPTIONS = { resultLimit: 2, storedProcedures: true };

describe('a query log in CSV files', () => {
  let folder: string;
  const warnings: string[] = [];
  const onWarning = (message: string): void => void warnings.push(message);

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'om-csv-'));
    writeFileSync(
      path.join(folder, 'b.csv'),
      '\uFEFFQuery_Text,database_name,schema_name,start_time,duration\n"INSERT INTO a\nSELECT ""x"" FROM b",d,s,2026-11-22 10:00:00,12\nSELECT 1,,,,\nSELECT 2,,,,\n'
    );
    writeFileSync(path.join(folder, 'a.csv'), 'query_text\nSELECT 0\n');
    writeFileSync(path.join(folder, 'notes.txt'), 'no log');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const read = async (file: string, rows?: number): Promise<LogRecord[]> => {
    const log = await openQueryLogFile(file, { signal: new AbortController().signal, onWarning });
    const records: LogRecord[] = [];
    for (const window of await log.windows({ from: 0, to: 1 }, OPTIONS))
      for await (const { record } of log.read(window, OPTIONS, rows === undefined ? undefined : { rows }))
        records.push(record);
    return records;
  };

  const fault = async (file: string): Promise<unknown> =>
    read(file).then(
      () => 'read',
      (error: unknown) => error instanceof PermanentError && error.message
    );

  it('is read file by file in order of their names, all rows of it', async () => {
    const records = await read(folder);
    expect(records).to.have.length(4);
    expect(records[1]).to.deep.equal({
      kind: 'query',
      text: 'INSERT INTO a\nSELECT "x" FROM b',
      database: 'd',
      schema: 's',
      startedAt: Date.UTC(2026, 10, 22, 10),
      durationMs: 12,
    });
  });

  it('is not cut by a filterCondition, which is said', async () => {
    const log = await openQueryLogFile(folder, { signal: new AbortController().signal, onWarning });
    await log.windows({ from: 0, to: 1 }, OPTIONS);
    expect(warnings.join()).to.match(/^Of the folder .* notes\.txt is left out\.$/);
    warnings.length = 0;
    expect(await log.windows({ from: 0, to: 1 }, { ...OPTIONS, filterCondition: 'user_name <> 1' })).to.have.length(2);
    expect(warnings).to.have.length(2);
    expect(warnings[0]).to.contain('filterCondition');
  });

  it('takes bare quotes as they stand, and a quote that is never closed is a failure, told where it opens', async () => {
    const file = path.join(folder, 'bare.csv');
    writeFileSync(
      file,
      'query_text,database_name\nINSERT INTO o1 (a) SELECT x FROM s WHERE nm = "a",default\n"SELECT "b" FROM t",d\nSELECT 3,d\n"SELECT 4,d\n'
    );
    warnings.length = 0;
    const texts = (await read(file)).map((each) => (each.kind === 'query' ? each.text : each));
    expect(texts).to.deep.equal([
      'INSERT INTO o1 (a) SELECT x FROM s WHERE nm = "a"',
      '"SELECT "b" FROM t"',
      'SELECT 3',
      {
        kind: 'unreadable',
        where: 'bare.csv, line 5',
        reason:
          'A quote at the beginning of a field of the row at line 5 is not closed: the rest of the file (1 line, 12 bytes) is lost. Close it, and write each quote inside of quotes twice.',
      },
    ]);
    expect(warnings.join()).to.match(/^bare\.csv: 1 row has a quote inside of quotes .* first in row 2, line 3$/);
    rmSync(file);
  });

  it('resumes after a row', async () => {
    expect((await read(path.join(folder, 'b.csv'), 2)).map((each) => each.kind === 'query' && each.text)).to.deep.equal(
      ['SELECT 2']
    );
  });

  it('takes times with a zone or without, which are UTC, wherever the worker is, and no others', async () => {
    const file = path.join(folder, 'times.txt');
    const at = async (time: string): Promise<number | undefined> => {
      writeFileSync(file, `query_text,start_time\nSELECT 1,${time}\n`);
      const [record] = await read(file);
      return record?.kind === 'query' ? record.startedAt : undefined;
    };
    const ten = Date.UTC(2026, 10, 22, 10);
    for (const time of ['2026-11-22 10:00', '2026-11-22T10:00:00.000000Z', '2026-11-22 12:00:00+02', String(ten)])
      expect(await at(time), time).to.equal(ten);
    expect(await at('2026-11-22 02:00:00.000 -0800')).to.equal(ten);
    expect(await at('2026-11-22 10:00:00 UTC')).to.equal(ten);
    expect(await at('2026-11-22')).to.equal(Date.UTC(2026, 10, 22));
    for (const time of ['11/22/2026', '22', 'Nov 22 2026', '2026-13-01'])
      expect(await at(time), time).to.equal(undefined);
    rmSync(file);
  });

  it('needs the column query_text, and to be there', async () => {
    const failure = async (file: string): Promise<unknown> => read(file).catch((error: unknown) => error);
    writeFileSync(path.join(folder, 'c.txt'), 'sql\nSELECT 1\n');
    expect(await failure(path.join(folder, 'c.txt'))).to.be.instanceOf(PermanentError);
    expect(await failure(path.join(folder, 'gone.csv'))).to.be.instanceOf(PermanentError);
  });

  it('is refused at once when its first line never ends, of which nothing is quoted or skipped', async () => {
    const file = path.join(folder, 'endless.txt');
    writeFileSync(file, 'S3cr3t');
    truncateSync(file, 900 * 1024 ** 3);
    warnings.length = 0;
    expect(await fault(file)).to.equal(`${file} is no query log: its first line is longer than 64 KiB.`);
    expect(warnings).to.deep.equal([]);
    rmSync(file);
  });

  it('is refused when its header can not be read, and when a row is longer than a query', async function () {
    this.timeout(60_000);
    const file = path.join(folder, 'unclosed.txt');
    writeFileSync(file, '"query_text\nSELECT 1\n');
    expect(await fault(file)).to.equal(
      `${file} is not a CSV file that can be read: a quote in its first line is not closed`
    );
    writeFileSync(file, 'query_text\nSELECT 1\n');
    truncateSync(file, 900 * 1024 ** 3);
    expect(await fault(file)).to.equal(
      `${file} is not a CSV file that can be read: a row is longer than 32 MiB at line 3`
    );
    rmSync(file);
  });

  it('has lines that end as its first line does, on any system', async () => {
    const file = path.join(folder, 'ends.txt');
    for (const end of ['\n', '\r\n', '\r'])
      for (const encoding of ['utf8', 'utf16le'] as const) {
        writeFileSync(file, `\uFEFF"query_text",aborted${end}"SELECT${end}1",no${end}SELECT 2,no${end}`, encoding);
        const texts = (await read(file)).map((each) => each.kind === 'query' && each.text);
        expect(texts, JSON.stringify(end)).to.deep.equal([`SELECT${end}1`, 'SELECT 2']);
      }
    rmSync(file);
  });

  it('tells equal faults of rows once, and how many more there are', async () => {
    const file = path.join(folder, 'short.txt');
    writeFileSync(file, `database_name,query_text\n${'d\n'.repeat(1000)}d,SELECT 1\n`);
    warnings.length = 0;
    expect(await read(file)).to.have.length(1);
    expect(warnings).to.deep.equal([
      `A row of ${file} was left out: it ends before query_text`,
      `999 more rows of ${file} left out: it ends before query_text`,
    ]);
    rmSync(file);
  });

  it('is checked file by file, each that can not be used named', async () => {
    const mixed = mkdtempSync(path.join(folder, 'mixed-'));
    writeFileSync(path.join(mixed, 'a.csv'), 'query_text\nSELECT 1\n');
    writeFileSync(path.join(mixed, 'b.csv'), 'sql\nSELECT 1\n');
    writeFileSync(path.join(mixed, 'c.csv'), 'query_text\n');
    const found: CheckResult[] = [];
    for await (const each of checkQueryLogFile(mixed, new AbortController().signal)) found.push(each);
    expect(found.map(({ passed, mandatory, message }) => [passed, mandatory, message])).to.deep.equal([
      [true, true, `${mixed}/a.csv can be read from here`],
      [false, true, `${mixed}/b.csv has no column query_text.`],
      [false, false, `${mixed}/c.csv has no texts`],
    ]);
    for await (const each of checkQueryLogFile(path.join(mixed, 'gone'), new AbortController().signal))
      expect(each).to.include({ passed: false, mandatory: true });
  });
});
