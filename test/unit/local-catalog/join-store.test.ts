import { expect } from 'chai';
import { JoinStore, type JoinEnd } from '../../../src/local-catalog/store/join-store.js';
import { Sqlite, type Statement } from '../../../src/local-catalog/store/sqlite.js';
import { USAGE_TABLES } from '../../../src/local-catalog/store/usage-tables.js';

class CountingSqlite extends Sqlite {
  deletions = 0;

  override prepare(sql: string): Statement {
    if (sql.startsWith('DELETE')) this.deletions += 1;
    return super.prepare(sql);
  }
}

describe('Joins of the local catalog', () => {
  it('are looked through for old ones once for each date', () => {
    const sqlite = new CountingSqlite(':memory:');
    sqlite.pragma('foreign_keys = OFF');
    sqlite.exec(USAGE_TABLES);
    const joins = new JoinStore(sqlite);
    const end = (name: string): JoinEnd => ({ tableId: name, columnFqn: `s.${name}.id` });
    const counts = (): readonly number[] => joins.of('a', '2026-01-01').map(({ count }) => count);
    for (const date of ['2026-11-01', '2026-11-02', '2026-11-03']) {
      for (let put = 0; put < 5; put += 1) joins.forgetBefore('2026-11-01');
      joins.put(end('a'), end('b'), date, 1);
    }
    expect([sqlite.deletions, counts()]).to.deep.equal([1, [3]]);
    joins.forgetBefore('2026-11-03');
    expect([sqlite.deletions, counts()]).to.deep.equal([2, [1]]);
    sqlite.close();
  });
});
