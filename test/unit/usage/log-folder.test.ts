import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { openUsageLogFile, useRule, type UsageRecord } from '../../../src/sources/index.js';

const OPTIONS = { resultLimit: 0, users: { includes: [], excludes: [] } };

describe('a folder of usage logs', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'om-usage-folder-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** `file: text`, or the failure, of each record; and the warnings. */
  async function read(files: Readonly<Record<string, string>>, filePath = folder, after?: { rows: number }) {
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
    const warnings: string[] = [];
    const { signal } = new AbortController();
    const log = await openUsageLogFile(filePath, { signal, onWarning: (text) => warnings.push(text) });
    const records: string[] = [];
    for (const window of await log.windows({ from: 0, to: 1 }, OPTIONS))
      for await (const { record } of log.read(window, OPTIONS, after))
        records.push(record.kind === 'unreadable' ? `${record.where}: ${record.reason}` : record.kind);
    return { records, warnings };
  }

  it('is read but for a file without query_text, which is one failure, also after a crash', async () => {
    const files = { 'a.csv': 'text\nSELECT 1\n', 'b.csv': 'query_text\nSELECT 2\n' };
    const { records } = await read(files);
    expect(records).to.have.length(2);
    expect(records[0]).to.match(/^a\.csv: .*a\.csv has no column query_text/);
    expect(records[1]).to.equal('query');
    expect((await read({}, folder, { rows: 1 })).records).to.deep.equal([]);
  });

  it('ends the run when the only file has no query_text', async () => {
    const ended = await read({ 'a.csv': 'text\nSELECT 1\n' }).catch((error: unknown) => String(error));
    expect(ended).to.contain('has no column query_text');
  });

  it('tells what of it is not read, and what a compressed file is', async () => {
    const csv = 'query_text,start_time\nSELECT 1,2026-11-27\n';
    const packed = gzipSync(csv).toString('latin1');
    const { records, warnings } = await read({ 'a.csv': csv, '.b.csv': csv, 'c.csv.gz': packed });
    expect(records).to.deep.equal(['query']);
    expect(warnings.join()).to.match(/only files that end in \.csv are read.*: \.b\.csv, c\.csv\.gz are left out\.$/);
    writeFileSync(path.join(folder, 'd.csv'), gzipSync(csv));
    expect((await read({})).records.join()).to.match(/d\.csv is compressed \(gzip\).*Unpack it first/);
  });

  it('takes values without the blanks around them, and NULL and \\N as none', async () => {
    const rows = [
      'SELECT 1,"2026-11-27 10:00:00,5", sales',
      'SELECT 2,2026-11-27 10:00:00.5 GMT,NULL',
      'SELECT 3,\\N,\\N',
    ];
    writeFileSync(path.join(folder, 'a.csv'), ['query_text, start_time, schema_name', ...rows, ''].join('\n'));
    const log = await openUsageLogFile(folder, { signal: new AbortController().signal, onWarning: () => undefined });
    const read: unknown[] = [];
    for (const window of await log.windows({ from: 0, to: 1 }, OPTIONS))
      for await (const { record } of log.read(window, OPTIONS)) read.push(record);
    const at = Date.UTC(2026, 10, 27, 10, 0, 0, 500);
    expect(read).to.deep.equal([
      { kind: 'query', text: 'SELECT 1', schema: 'sales', startedAt: at },
      { kind: 'query', text: 'SELECT 2', startedAt: at },
      { kind: 'query', text: 'SELECT 3' },
    ]);
  });

  it("leaves out what the source's own log leaves out of usage, by the kinds that it has", async () => {
    const rows = [
      'SELECT 1 FROM a,SELECT',
      "COPY INTO a FROM '@s',copy",
      'CREATE TABLE b AS SELECT 1 FROM a,CREATE_TABLE_AS_SELECT',
      'SELECT 1 FROM a; SELECT 2 FROM a,MULTI_STATEMENT',
      'Execute  Immediate $$ BEGIN SELECT 2 FROM a; END $$,CALL',
      'begin SELECT 3 FROM a; end,CALL',
      'WITH p AS PROCEDURE () AS $$ BEGIN SELECT 5 FROM a; END $$ CALL p(),CALL',
      'SELECT beginning FROM a,SELECT',
      'BEGIN SELECT 4 FROM a; END,',
    ];
    const file = path.join(folder, 'kinds.csv');
    writeFileSync(file, ['query_text,query_type', ...rows, ''].join('\n'));
    const counted = async (type: string): Promise<string[]> => {
      const context = { signal: new AbortController().signal, onWarning: () => undefined };
      const log = await openUsageLogFile(file, context, useRule(type));
      const [texts, all]: [string[], UsageRecord[]] = [[], []];
      for (const window of await log.windows({ from: 0, to: 1 }, OPTIONS))
        for await (const { record } of log.read(window, OPTIONS)) all.push(record);
      for (const record of all) if (record.kind === 'query' && record.own !== true) texts.push(record.text);
      return texts;
    };
    const [first, , , , , , , named, unknown] = rows.map((row) => row.slice(0, row.lastIndexOf(',')));
    expect(await counted('Snowflake')).to.deep.equal([first, named, unknown]);
    expect(await counted('mysql')).to.have.length(rows.length);
    expect(await counted('redshift')).to.have.length(rows.length);
  });

  it('says which files have no texts', async () => {
    const { warnings } = await read({
      'a.csv': '',
      'b.csv': 'query_text,start_time\n',
      'c.csv': 'query_text,start_time\nSELECT 1,2026-11-27\n',
    });
    expect(warnings).to.deep.equal(['a.csv has no texts.', 'b.csv has no texts.']);
  });
});
