import { expect } from 'chai';
import { FiringStatements } from '../../../../src/sources/mysql/query-log-triggers.js';

const APP = 'app[app] @ localhost [127.0.0.1]';
const FIRING = 'insert into gq.t (id) values (1)';

/** What is said of the last of a thread's texts, in a session of gr. */
function last(...texts: readonly (string | readonly [account: string, text: string])[]): string | undefined {
  const firing = new FiringStatements();
  let schema: string | undefined;
  for (const text of texts) {
    const [account, body] = typeof text === 'string' ? [APP, text] : text;
    schema = firing.schemaOfBody({ thread: '1', account, body, command: 'Query' }, 'gr');
  }
  return schema;
}

describe("triggers' statements in a general log", () => {
  it('are those that name the row that changed, behind the statement that fired them', () => {
    expect(last(FIRING, 'insert into w (old, new) values (old.k, NEW.k)')).to.equal('gq');
    expect(last(FIRING, 'select `new` . `id` into z from u')).to.equal('gq');
    expect(last(FIRING, 'update w set v = new.v', "delete from w where id = NAME_CONST('z',1)")).to.equal('gq');
    for (const text of [
      'select new.id from a as new',
      'select new.id from a new',
      'select old.id from old',
      'select id from old.t',
      'select old.t.id from old.t',
      'select new.id from (select 1 as id) new',
      'with new as (select 1 as id) select new.id from new',
      'insert into w values (1) as new on duplicate key update v = new.v',
      "select 'new.id' from w",
      'select a.new.id from a',
    ])
      expect(last(FIRING, text), text).to.equal(undefined);
    expect(last('select 1', 'update w set v = new.v')).to.equal(undefined);
  });

  it('are those under another account than that of the session', () => {
    expect(last(FIRING, ['root[root] @ localhost [localhost]', 'delete from w'])).to.equal('gq');
    expect(last(FIRING, ['root[app] @ localhost [127.0.0.1]', 'delete from w'])).to.equal(undefined);
  });

  it("have the schema of the table that the session's statement writes", () => {
    const body = 'insert into w (id) values (new.id)';
    expect(last('insert into t (id) values (1)', body)).to.equal('gr');
    expect(last('update gq.t join gr.u using (id) set t.v = 1', body)).to.equal('gq');
    expect(last('delete from gq.t where id = 1', 'insert into w (id) values (old.id)')).to.equal('gq');
    expect(last('select 1; replace into gs.t values (1); select 2', body, body)).to.equal('gs');
    expect(last('insert into gq.t values (1); insert into gs.t values (1)', body)).to.equal('');
    expect(last('call gq.p()', body)).to.equal('gq');
  });
});
