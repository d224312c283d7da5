import { expect } from 'chai';
import { objectsOf } from '../../../src/local-catalog/json-value.js';
import { tableRequest, valueAt } from '../local-catalog/catalog-under-test.js';
import { date, UsageLab } from './usage-lab.js';

describe('A name that fits several tables', () => {
  let lab: UsageLab;

  beforeEach(async () => {
    lab = await UsageLab.open('a', 'b');
    await lab.server.ok('PUT', '/databaseSchemas', { name: 'other', database: 'shop.main' });
    await lab.server.ok('PUT', '/tables', tableRequest('a', { databaseSchema: 'shop.main.other' }));
  });
  afterEach(() => lab.close());

  const counts = async (): Promise<Record<string, unknown>> => {
    const found: Record<string, unknown> = {};
    for (const table of ['sales.a', 'other.a', 'sales.b']) {
      const answer = await lab.server.ok('GET', `/usage/table/name/shop.main.${table}?date=${date(0)}&days=30`);
      for (const row of objectsOf(answer.at('usage')))
        if (row['date'] === date(1)) found[table] = valueAt(row, ['dailyStats', 'count']);
    }
    return found;
  };

  it('counts for each, and a warning names it', async () => {
    const text = 'SELECT 1 FROM a, b';
    const part = await lab.run([
      { text, daysAgo: 1, schema: '' },
      { text, daysAgo: 1, schema: '' },
      { text, daysAgo: 1, schema: 'sales' },
    ]);
    expect(part.notes).to.deep.equal([
      'Names that fit several tables, each of which counts, as neither the query nor the log tells which one: main.a (2 queries)',
    ]);
    expect(await counts()).to.deep.equal({ 'sales.a': 3, 'other.a': 2, 'sales.b': 3 });
  });

  it('is told of none where the log has the schema', async () => {
    const part = await lab.run([{ text: 'SELECT 1 FROM a', daysAgo: 1, schema: 'other' }]);
    expect(part.notes.join()).not.to.contain('several');
    expect(await counts()).to.deep.equal({ 'other.a': 1 });
  });
});
