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

  it('loses no more when the next row has its text in quotes, also one of several lines', async () => {
    const open = `"select * from b,${AT}`;
    for (const next of ['select x, y from c', 'select x,\ny from c', '\nselect x\nfrom c'])
      for (const encoding of ['utf8', 'utf16le'] as const) {
        const lines = [`\uFEFF${HEADER}`, ...rows(1, 'a'), open, `"${next}",${AT}`, `"select d",${AT}`];
        const [first, failure, ...read] = await lineage(lines, '\n', encoding);
        expect(first).to.equal(texts(1, 'a')[0]);
        expect(failure, next).to.contain('log.csv, line 3: ').and.contain('1 line is lost').and.contain('at line 4.');
        expect(read).to.deep.equal([next, 'select d']);
      }
    // one behind the other, and without a time
    const lines = Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? `"select b,,public` : `"select ${n}",${AT}`));
    const read = await usage([HEADER, ...lines]);
    expect(read.filter((each) => !each.includes('is not closed'))).to.deep.equal(
      Array.from({ length: 10 }, (_, n) => `select ${2 * n + 1}`)
    );
    expect(read.filter((each) => each.includes('1 line is lost'))).to.have.length(10);
    expect(warnings).to.deep.equal([]);
  });

  it('loses no more wherever the text stands in its row', async () => {
    const at = '2026-11-28 10:00:00';
    for (const [header, ...lines] of [
      ['start_time,query_text', `${at},"select b`, `${at},"\nselect c"`, `${at},"select d"`],
      ['user_name,query_text,start_time', `u,"select b,${at}`, `u,"\nselect c",${at}`, `u,"select d",${at}`],
      ['user_name,start_time,query_text', `"u",${at},"select b`, `"u",${at},"\nselect c"`, `"u",${at},"select d"`],
    ] as const) {
      const [failure, ...read] = await usage([header, ...lines]);
      expect(failure, header).to.contain('log.csv, line 2: ').and.contain('1 line is lost').and.contain('at line 3.');
      expect(read, header).to.deep.equal(['\nselect c', 'select d']);
    }
  });

  it('names the rows in which a quote inside of quotes is written once, and what to do', async () => {
    const bad = [`"select \\"x\\" from a",${AT}`, `"select 1\nfrom b",${AT}`, `"select "x" from c",${AT}`];
    for (const read of [lineage, usage]) {
      warnings = [];
      await read([HEADER, ...rows(1, 'a'), ...bad, `"select ""x"" from d",${AT}`, `"""e""",${AT}`]);
      expect(warnings).to.deep.equal([
        'log.csv: 2 rows have a quote inside of quotes that is written once or behind a backslash, or one that is not closed, so that the text is not what ran: close each, and write each quote inside of quotes twice, first in row 2, line 3',
      ]);
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
    const others = [
      ...['select "x"\nfrom y', '"x"\n,2026-11-28 10:00:00,4'],
      ...[`${text},\n`, `${text}\n`, `${text},`, '\n'],
    ];
    const quoted = others.map((other) => `"${other.replaceAll('"', '""')}",${AT}`);
    expect(await usage([HEADER, `"${text}",${AT}`, ...quoted])).to.deep.equal([text, ...others]);
    // of a row that has no time itself, too
    expect(await usage([HEADER, `"${text}",,public`, `"\nselect 1",${AT}`])).to.deep.equal([text, '\nselect 1']);
    expect(await usage(['start_time,query_text', `2026-11-28,"${text},"`, '2026-11-28,"\nb"'])).to.deep.equal([
      `${text},`,
      '\nb',
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
      'log.csv: 1 row has more fields than the header has names, as by a comma in a text that is not in quotes, first in row 3, line 5',
      'log.csv: 1 row has fewer fields than the header has names, first in row 1, line 2',
      'log.csv: 1 row has an empty start_time: such a row counts on the day of the run, and once more on that of each later run, first in row 2, line 4',
    ]);
  });

  it('takes rows for none of a field other than the text, in which a quote without an end has them', async () => {
    for (const [header, open] of [
      ['query_text,start_time,user_name', '"bob'],
      ['query_text,user_name,start_time', '"2026-11-28 10:00:00'],
    ] as const) {
      const end = header.endsWith('user_name') ? '2026-11-28 10:00:00,bob' : 'bob,2026-11-28 10:00:00';
      const first = header.endsWith('user_name') ? `2026-11-28 10:00:00,${open}` : `bob,${open}`;
      const inside = Array.from({ length: 20 }, (_, n) => `select ${n} from c,${end}`);
      const lines = [header, `select * from a,${first}`, ...inside, '"', `select d from e",${end}`, `select f,${end}`];
      const read = await usage(lines);
      expect(read[0]).to.contain('line 2: A quote at the beginning of a field').and.to.contain('goes on at line 3');
      expect(read.slice(1, 21), header).to.deep.equal(inside.map((line) => line.split(',')[0]));
      expect(read.at(-1)).to.equal('select f');
    }
  });

  it('reads rows whose lines end otherwise than the first one, and counts the lines of a text once', async () => {
    writeFileSync(file, `${HEADER}\r\nselect a,${AT}\n"select b\r\nfrom c",${AT}\r\n"select d,${AT}\nselect e,${AT}\n`);
    const options = { resultLimit: 0, storedProcedures: false };
    const log = await openQueryLogFile(file, context());
    const read: string[] = [];
    for (const window of await log.windows({ from: 0, to: 1 }, options))
      for await (const { record } of log.read(window, options)) read.push(shown(record));
    expect(read.slice(0, 2)).to.deep.equal(['select a', 'select b\r\nfrom c']);
    expect(read[2]).to.contain(
      'log.csv, line 5: A quote at the beginning of a field of the row at line 5 is not closed'
    );
  });

  it('says in which rows end_time is before start_time, and counts these rows', async () => {
    const at = '2026-11-28 10:00:00';
    const ends = [
      '',
      at,
      `${at}.5`,
      '2026-11-28T12:00:00+02:00',
      '2026-11-28 09:59:59.999',
      '2026-11-28 11:00+02',
      'x',
    ];
    for (const read of [lineage, usage]) {
      warnings = [];
      const lines = ends.map((end, n) => `select ${n},${at},${end}`);
      expect(await read(['query_text,start_time,end_time', ...lines])).to.have.length(ends.length);
      expect(warnings).to.deep.equal(
        [
          "log.csv: end_time of 1 row isn't a time and counts for nothing, first in row 7, line 8: x",
          'log.csv: end_time of 2 rows is before start_time and counts for nothing, first in row 5, line 6: 2026-11-28 09:59:59.999',
        ].reverse()
      );
    }
  });

  it('is refused when it has a column twice that is read, and says when it is not UTF-8', async () => {
    const fault = await usage(['query_text,Query_Text,x,x', 'select 1,select 2,,']).then(String, String);
    expect(fault).to.contain('has the column query_text twice: columns 1 and 2');
    await usage([HEADER, `select * from a,${AT}`, `select * from größe,${AT}`], 'latin1');
    expect(warnings).to.deep.equal([
      'log.csv: 1 row has signs that are not UTF-8, so that names with them are not found: save the file as UTF-8, first in row 2, line 3',
    ]);
  });
});
