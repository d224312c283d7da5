import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'chai';
import { CurrentDatabase } from '../../../../src/sources/snowflake/current-database.js';

describe('the current database of a session of Snowflake', () => {
  /** What happens, in order; statements end when they are told to. */
  function lab(refused?: string) {
    const current = new CurrentDatabase();
    const events: string[] = [];
    const ends = new Map<string, () => void>();
    const start = (name: string, database: string, signal = new AbortController().signal): Promise<void> => {
      const use = async (): Promise<void> => {
        events.push(`use ${database}`);
        await turn();
        if (database === refused) throw new Error(`no ${database}`);
      };
      return current.within(database, { use, signal }, async () => {
        events.push(name);
        await new Promise<void>((resolve) => ends.set(name, resolve));
      });
    };
    const settle = async (): Promise<string[]> => {
      for (let at = 0; at < 10; at += 1) await turn();
      return events.splice(0);
    };
    return { start, settle, end: (name: string) => ends.get(name)?.() };
  }

  it('is told once for all that need it, which overlap', async () => {
    const { start, settle, end } = lab();
    const all = [start('1', 'A'), start('2', 'A')];
    expect(await settle()).to.deep.equal(['use A', '1', '2']);
    end('1');
    all.push(start('3', 'A'));
    expect(await settle()).to.deep.equal(['3']);
    for (const name of ['2', '3']) end(name);
    await Promise.all(all);
  });

  it('changes when those before are answered, and whoever comes later waits', async () => {
    const { start, settle, end } = lab();
    const all = [start('1', 'A'), start('2', 'B'), start('3', 'A')];
    expect(await settle()).to.deep.equal(['use A', '1']);
    end('1');
    expect(await settle()).to.deep.equal(['use B', '2']);
    end('2');
    expect(await settle()).to.deep.equal(['use A', '3']);
    end('3');
    await Promise.all(all);
  });

  it('is told again after it was refused, and by whom comes after one who gave up', async () => {
    const { start, settle, end } = lab('B');
    const first = start('1', 'A');
    await settle();
    const [given, late] = [new AbortController(), new AbortController()];
    const waiting = start('2', 'C', given.signal);
    const behind = start('3', 'C', late.signal);
    const refused = start('4', 'B').catch((error: unknown) => String(error));
    const last = start('5', 'A');
    given.abort(new Error('cancelled'));
    late.abort(new Error('cancelled too'));
    expect(await waiting.catch((error: unknown) => String(error))).to.equal('Error: cancelled');
    expect(await behind.catch((error: unknown) => String(error))).to.equal('Error: cancelled too');
    expect(await settle(), 'the first still runs').to.deep.equal([]);
    end('1');
    expect(await settle()).to.deep.equal(['use B', 'use A', '5']);
    expect(await refused).to.equal('Error: no B');
    end('5');
    await Promise.all([first, last]);
  });
});
