import { expect } from 'chai';
import { stagedValues } from '../../../src/activities/profiler/profiled-units.js';
import { PermanentError } from '../../../src/errors/index.js';
import { rememberRun, type ProfiledUnit } from '../../../src/profiler/index.js';
import { attemptUnit } from './unit-attempt.js';
import { temporaryStore, type TemporaryStore } from '../metadata/temporary-store.js';

const TABLES = ['a', 'b', 'c'].map((name) => `s.default.m.${name}`);
const COLUMNS = Array.from({ length: 6 }, (_, at) => `c${at}`);

class Killed extends Error {}

describe('A unit whose share of the budget is not enough', () => {
  let temporary: TemporaryStore;
  before(async () => {
    temporary = await temporaryStore();
  });
  after(() => temporary.remove());

  /** @param answer throws what the source says to a statement */
  async function call(
    run: string,
    statements: number,
    { mayGetMore = true, answer = () => undefined }: { mayGetMore?: boolean; answer?: (sql: string) => void } = {}
  ) {
    let sent = 0;
    const seen = await attemptUnit({
      ...{ store: temporary.store, run, metrics: ['min', 'mean'], columns: COLUMNS, tables: TABLES, endsBy: Killed },
      rows: async (sql) => {
        sent += 1;
        answer(sql);
        return [Array<number>(100).fill(1)];
      },
      allowance: { statements },
      more: { mayGetMore },
    });
    const slice = (stage: string): { run: string; stage: string; slice: string } => ({ run, stage, slice: '0' });
    const manifest = await temporary.store.manifest(slice('profiles'));
    return { ...seen, put: seen.put.map((fqn) => fqn.slice(-1)).join(''), sent, ended: manifest.at(-1)?.last === true };
  }

  it('stays open with what it has left, and goes on there with more', async () => {
    const first = await call('more', 1);
    expect(first).to.include({ put: 'a', sent: 1, used: 1, left: 2, ended: false });
    const none = await call('more', 1);
    expect(none).to.include({ put: '', sent: 0, used: 1, left: 2, ended: false });
    const second = await call('more', 3);
    expect(second).to.include({ put: 'bc', sent: 2, used: 3, ended: true });
    expect(second.left).to.equal(undefined);
  });

  it('is closed where there is no more, as a whole', async () => {
    await call('closed', 2);
    const last = await call('closed', 2, { mayGetMore: false });
    expect(last).to.include({ put: '', sent: 0, used: 2, ended: true });
    const { store } = temporary;
    const slice = (stage: string): AsyncGenerator<unknown> => stagedValues(store, { run: 'closed', stage, slice: '0' });
    const tables = TABLES.map((fqn) => ({ fqn, facts: { table: fqn, isView: false }, asOf: 1, statements: 1 }));
    const unit: ProfiledUnit = {
      ...{ tables, profiles: slice('profiles'), published: slice('published-profiles'), ended: true },
    };
    const version = { run: 'closed', startedAt: 1 };
    const { left, statements, setApart } = await rememberRun({ store, service: 's', version, units: [unit] });
    expect({ left, statements, setApart }).to.deep.equal({ left: [TABLES[2]], statements: 2, setApart: 0 });
  });

  it('knows of a table in whose midst it was spent what was refused, and says nothing of it when it is measured', async () => {
    const answer = (sql: string): void => {
      if (/`a`/.test(sql) && /(SUM|AVG)\([^)]*`c[1-5]/.test(sql)) throw new PermanentError('overflow');
    };
    const first = await call('cut', 10, { answer });
    expect(first).to.include({ ended: false });
    expect(first.put, 'the others have what they are planned with').to.equal('bc');
    expect(first.notes).to.deep.equal([]);
    const all = first.sent + 40;
    const second = await call('cut', all, { answer });
    expect(second).to.include({ put: 'a', ended: true });
    expect(second.used).to.equal(first.sent + second.sent);
    expect(second.notes.join(), 'no budget was spent in its midst, in the end').to.not.contain('the budget was spent');
    await call('left', 10, { answer });
    const last = await call('left', 10, { answer, mayGetMore: false });
    expect(last.notes.join()).to.match(/^s\.default\.m\.a: the budget was spent after 8 of its statements/);
  });

  it('never exceeds its shares, however often its worker is lost', async () => {
    let [sent, share] = [0, 3];
    for (let at = 0; at < 12; at += 1) {
      let until = 1 + (at % 3);
      const seen = await call('lost', share, {
        answer: (sql) => {
          if ((until -= 1) < 0) throw new Killed('lost');
          if (/(SUM|AVG)\([^)]*`c[1-5]/.test(sql)) throw new PermanentError('overflow');
        },
      });
      sent += seen.sent;
      expect(sent).to.be.at.most(share);
      if (at % 2 === 1) share += 4;
    }
  });
});
