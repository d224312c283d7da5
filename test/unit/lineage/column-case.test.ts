import { expect } from 'chai';
import { TableColumns } from '../../../src/lineage/table-columns.js';
import type { LogRecord } from '../../../src/sources/index.js';
import { EdgesLab } from './edges-lab.js';
import { query, type RunSettings } from './lineage-run.js';

describe('columns of the catalog whose names differ by case only', () => {
  let lab: EdgesLab;

  before(async () => {
    lab = await EdgesLab.open();
    await lab.om.add('s.default.shop.pair', ['id', 'Id']);
    await lab.om.add('s.default.shop.twins', ['id', 'Id', 'n']);
    await lab.om.add('s.default.shop.out', ['p', 'q']);
    await lab.om.add('s.default.shop.one', ['id', 'p']);
    await lab.om.add('s.SALES.PUBLIC.PAIR', ['ID', 'Id']);
    await lab.om.add('s.SALES.PUBLIC.OUT', ['P', 'Q']);
    await lab.om.add('other.default.shop.abroad', ['ID', 'p']);
  });
  after(() => lab.close());

  const POSTGRES: RunSettings = { dialect: 'postgres', folding: 'lower' };
  const SNOWFLAKE: RunSettings = { dialect: 'snowflake', folding: 'upper' };
  const IN_SALES = { database: 'SALES', schema: 'PUBLIC' };
  const edgesOf = async (records: readonly LogRecord[], settings: RunSettings): Promise<string[]> =>
    (await lab.lineage(settings).through(records)).edgeTexts();
  const postgres = (...texts: string[]): Promise<string[]> =>
    edgesOf(
      texts.map((text) => query(text)),
      POSTGRES
    );
  const snowflake = (text: string): Promise<string[]> => edgesOf([query(text, 'PUBLIC', IN_SALES)], SNOWFLAKE);

  it('have edges of their own', async () => {
    const named = 'INSERT INTO out (p, q) SELECT "Id", id FROM pair';
    expect(await postgres(named)).to.deep.equal(['pair > out: Id→p id→q']);
    expect(await snowflake(named)).to.deep.equal(['PAIR > OUT: Id→P ID→Q']);
    expect(await postgres('INSERT INTO pair ("Id", id) SELECT p, q FROM out')).to.deep.equal(['out > pair: p→Id q→id']);
  });

  it('are told by the order of the catalog’s columns', async () => {
    expect(await postgres('INSERT INTO out SELECT * FROM pair')).to.deep.equal(['pair > out: id→p Id→q']);
    expect(await snowflake('INSERT INTO out SELECT * FROM pair')).to.deep.equal(['PAIR > OUT: ID→P Id→Q']);
    expect(await postgres('INSERT INTO pair SELECT p, q FROM out')).to.deep.equal(['out > pair: q→Id p→id']);
    expect(await postgres('INSERT INTO twins SELECT *, 1 FROM pair')).to.deep.equal(['pair > twins: Id→Id id→id']);
  });

  it('are kept apart on the way through tables of other texts', async () => {
    const texts = [
      'CREATE TABLE tmp AS SELECT "Id" AS "Xx", id AS xx FROM pair',
      'CREATE TABLE tmp2 AS SELECT * FROM tmp',
      'INSERT INTO out (p, q) SELECT xx, "Xx" FROM tmp2',
    ];
    const through = { ...POSTGRES, keepUnknown: true };
    expect(
      await edgesOf(
        texts.map((text) => query(text)),
        through
      )
    ).to.deep.equal(['pair > out: id→p Id→q']);
    const whole = ['CREATE TABLE tmp AS SELECT * FROM pair', 'INSERT INTO out (p, q) SELECT "Id", id FROM tmp'];
    expect(
      await edgesOf(
        whole.map((text) => query(text)),
        through
      )
    ).to.deep.equal(['pair > out: Id→p id→q']);
    const back = ['CREATE TABLE tmp AS SELECT p AS "Id", q AS id FROM out', 'INSERT INTO pair SELECT * FROM tmp'];
    expect(
      await edgesOf(
        back.map((text) => query(text)),
        through
      )
    ).to.deep.equal(['out > pair: p→Id q→id']);
    const script =
      'CREATE TABLE t1 AS SELECT "Id" AS "Xx", id AS xx FROM pair; INSERT INTO out SELECT xx, "Xx" FROM t1';
    expect(await postgres(script)).to.deep.equal(['pair > out: id→p Id→q']);
  });

  it('are those that the source names where it gives the edge', async () => {
    const edge = (columns: readonly (readonly [string, string])[]): LogRecord => ({
      kind: 'edge',
      from: ['SALES', 'PUBLIC', 'PAIR'],
      to: ['SALES', 'PUBLIC', 'OUT'],
      columns,
    });
    expect(
      await edgesOf(
        [
          edge([
            ['Id', 'P'],
            ['ID', 'Q'],
            ['id', 'Q'],
          ]),
        ],
        SNOWFLAKE
      )
    ).to.deep.equal(['PAIR > OUT: Id→P ID→Q']);
  });

  it('are none where the catalog has but the other one, and every one where it ignores case', async () => {
    const text = (quote: string): string => `INSERT INTO out (p, q) SELECT ${quote}Id${quote}, p FROM one`;
    expect(await postgres(text('"'))).to.deep.equal(['one > out: p→q']);
    expect(await edgesOf([query(text('`'))], { dialect: 'mysql' })).to.deep.equal(['one > out: id→p p→q']);
    // Another service has rules of its own.
    const abroad = await edgesOf([query('INSERT INTO out (p, q) SELECT "Id", p FROM abroad')], {
      ...POSTGRES,
      services: ['s', 'other'],
    });
    expect(abroad).to.deep.equal(['abroad > out: ID→p p→q']);
  });

  it('are found in a catalog that has names in another case than the engine', () => {
    const columnsOf = (...names: string[]) => names.map((name) => ({ name, fqn: `t.${name}` }));
    const oracle = { dialect: 'oracle', folding: 'as-written' } as const;
    const lower = new TableColumns(columnsOf('id', 'Name'), oracle, true);
    expect(['id', 'ID', '\u0002i\u0002d', 'name'].map((name) => lower.fqnOf(name))).to.deep.equal([
      't.id',
      't.id',
      't.id',
      't.Name',
    ]);
    const both = new TableColumns(columnsOf('id', 'ID'), oracle, true);
    expect(['id', '\u0002i\u0002d'].map((name) => both.fqnOf(name))).to.deep.equal(['t.ID', 't.id']);
    const snowflake = { dialect: 'snowflake', folding: 'upper' } as const;
    const other = new TableColumns(columnsOf('id', 'Xx', 'xx'), snowflake, true);
    expect(['id', 'xx', 'X\u0002x'].map((name) => other.fqnOf(name))).to.deep.equal(['t.id', undefined, 't.Xx']);
  });
});
