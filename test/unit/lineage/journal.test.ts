import { expect } from 'chai';
import { lineageJournal } from '../../../src/lineage/index.js';
import type { MergedLine, ParsedLine, UnpublishedEdge, ViewLine } from '../../../src/lineage/staged-line.js';
import { toLines } from '../../../src/staging/index.js';
import { temporaryStore } from '../metadata/temporary-store.js';
import { collected } from '../staging/collected.js';

const slice = (stage: string): { run: string; stage: string; slice: string } => ({ run: 'run', stage, slice: '0' });
const edge = (from: string, to: string, sql: string): MergedLine => ({
  kind: 'edge',
  from,
  to,
  columns: [],
  source: 'QueryLineage',
  sql,
});

describe('The journal of a lineage run', () => {
  it('says which views were read, which text gave which edge, and which edges were refused', async () => {
    const temporary = await temporaryStore();
    const { store } = temporary;
    try {
      const views: ViewLine[] = [{ id: '1', fqn: 's.d.m.v', definition: 'SELECT 1' }];
      const refused: UnpublishedEdge[] = [{ from: 's.d.m.a', to: 's.d.m.gone', reason: 'gone' }];
      const doubt: ParsedLine = { kind: 'doubt', fqn: 's.d.m.v', reason: 'not understood' };
      await store.commit(slice('views'), { n: 0, lines: toLines(views), last: true });
      await store.commit(slice('parsed'), { n: 0, lines: toLines([doubt]), last: true });
      const merged = [edge('s.d.m.a', 's.d.m.b', 'INSERT ?'), edge('s.d.m.a', 's.d.m.gone', 'INSERT ?')];
      await store.commit(slice('merged'), { n: 0, lines: toLines(merged), last: true });
      const journal = (): ReturnType<typeof collected<{ fqn: string; outcome: string }>> =>
        collected(
          lineageJournal({
            store,
            views: slice('views'),
            parsedViews: slice('parsed'),
            merged: slice('merged'),
            published: [slice('published')],
          })
        );
      expect((await journal()).map(({ outcome }) => outcome)).to.deep.equal(['read', 'incomplete', 'read', 'read']);
      await store.commit(slice('published'), { n: 0, lines: toLines(refused), last: true });
      expect(await journal()).to.deep.equal([
        { fqn: 's.d.m.v', outcome: 'read' },
        { fqn: 's.d.m.v', outcome: 'incomplete', reason: 'not understood' },
        { fqn: 's.d.m.b', from: 's.d.m.a', outcome: 'written', sql: 'INSERT ?' },
        { fqn: 's.d.m.gone', from: 's.d.m.a', outcome: 'refused', reason: 'gone', sql: 'INSERT ?' },
      ]);
    } finally {
      await temporary.remove();
    }
  });
});
