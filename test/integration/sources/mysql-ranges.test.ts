import { expect } from 'chai';
import { findSource, type MetadataSource, type SourceRecord } from '../../../src/sources/index.js';
import { collect, countingContext } from '../../conformance/metadata-source.js';
import { startMariadb, type TestMariadb } from '../../services/mariadb.js';
import { ALL_OPTIONS, EVERYTHING } from '../../conformance/everything.js';

const BIG = { database: 'default', schema: 'big' };
/** Names whose order is the server's own: case, accents, digits, a quote. */
const NAMES = ['a1', 'A10', 'a2', 'b', 'Ba', 'é', "o'neil", 't_1', 'T1', 'zebra'];

describe('A MySQL schema read in ranges of names', () => {
  let server: TestMariadb;
  let source: MetadataSource;

  before(async () => {
    server = await startMariadb();
    await server.run('CREATE DATABASE big');
    for (const name of NAMES) await server.run(`CREATE TABLE big.\`${name}\` (id INT PRIMARY KEY, note TEXT)`);
    await server.run('CREATE PROCEDURE big.refresh() SELECT 1');
    const { user: username, password, hostPort } = server;
    source = await findSource('mysql').openMetadata({ username, authType: { password }, hostPort }, countingContext());
  });
  after(async () => {
    await source?.close();
    await server?.stop();
  });

  const placeOf = (record: SourceRecord): string => JSON.stringify(record);

  it('has every table in exactly one range, with its columns, and the procedures in the last one', async () => {
    const whole = await collect(source.read(BIG, EVERYTHING, ALL_OPTIONS));
    const cuts = (await source.cuts?.(BIG, 3)) ?? [];
    expect(cuts).to.have.length(3);
    const ranges: SourceRecord[][] = [];
    for (const [n, until] of [...cuts, undefined].entries()) {
      const first = cuts[n - 1];
      const after = first === undefined ? undefined : ({ part: 'tables', name: first } as const);
      ranges.push(await collect(source.read(BIG, EVERYTHING, ALL_OPTIONS, after, until)));
    }
    expect(ranges.flat()).to.deep.equal(whole);
    expect(ranges.slice(0, -1).flat().map(placeOf).join()).not.to.contain('refresh');
    expect(ranges.at(-1)?.map(placeOf).join()).to.contain('refresh');
  });
});
