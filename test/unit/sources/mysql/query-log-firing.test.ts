import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import type { BodyPlace } from '../../../../src/sources/mysql/body-place.js';
import { FiringStatements } from '../../../../src/sources/mysql/query-log-firing.js';
import { StoredBodies, type BodiesKnown, type StoredBody } from '../../../../src/sources/mysql/stored-bodies.js';

const APP = 'app[app] @ localhost [127.0.0.1]';
const FIRING = 'insert into gq.t (id) values (1)';

const DEFINER = 'defi[defi] @ % [%]';

type Row = string | readonly [account: string, text: string];

/** What is said of the last of a thread's texts, in a session of gr. */
function last(...texts: readonly Row[]): string | undefined {
  return lastAmong(undefined, ...texts);
}

function lastAmong(bodies: StoredBodies | undefined, ...texts: readonly Row[]): string | undefined {
  const firing = new FiringStatements(bodies);
  let schema: string | undefined;
  for (const text of texts) {
    const [account, body] = typeof text === 'string' ? [APP, text] : text;
    schema = firing.placeOfBody({ thread: '1', account, body, command: 'Query' }, 'gr')?.schema;
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
    expect(last(FIRING, ['app[app] @ % [%]', 'delete from w'])).to.equal('gq');
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

describe("stored functions' statements in a general log", () => {
  const named = (schema: string, name: string, body?: string): StoredBody => ({
    ...{ schema, name, kind: 'function' },
    ...(body === undefined ? {} : { body }),
  });
  const trigger = (schema: string, table: string, text: string): StoredBody => ({
    ...{ schema, name: `on_${table}`, kind: 'trigger', table },
    body: text,
  });
  const native = (name: string): boolean => ['max', 'values', 'now'].includes(name);
  const body = 'select max(k) into v from w';
  const byDefiner = [DEFINER, body] as const;

  it('have the schema of the function whose body has them', () => {
    const bodies = new StoredBodies(
      [
        named(
          'ga',
          'f1',
          "begin declare v int; -- x;y\n select max(k)\n  INTO `v` from w where s = 'a;b' and i = V; return v; end"
        ),
        named('ga', 'f2', 'begin if x then delete from l where i=a; end if; insert into l values (1); return 1; end'),
        named('gb', 'f3', 'begin declare v int; set v = ga.f2(); return v; end'),
        named('gc', 'alike', 'begin insert into m values (1); return 1; end'),
        named('gd', 'alike', 'begin insert into m values (1); return 1; end'),
        trigger('ge', 't', 'insert into n values (2)'),
      ],
      native,
      { seesAll: true, seesTriggers: true, logsProcedures: false }
    );
    const filled =
      "select max(k)  into `v` from w where s = 'a;b' and i =  NAME_CONST('v',_utf8mb4'it\\'s' COLLATE 'utf8mb4_bin')";
    expect(lastAmong(bodies, 'insert into gb.z select f1(),1', [DEFINER, filled])).to.equal('ga');
    expect(lastAmong(bodies, 'select * from a_view', [DEFINER, filled])).to.equal('ga');
    expect(lastAmong(bodies, [DEFINER, filled])).to.equal('ga');
    expect(lastAmong(bodies, 'select ga.f2()', 'insert into l values (1)')).to.equal('ga');
    expect(lastAmong(bodies, 'select gb.f3()', "delete from l where i= NAME_CONST('a',3)")).to.equal('ga');
    expect(lastAmong(bodies, 'select ga.f1()', 'insert into l values (1)')).to.equal(undefined);
    expect(lastAmong(bodies, 'select ga.f2()', 'select 1', 'insert into l values (1)')).to.equal(undefined);
    expect(lastAmong(bodies, 'select gd.alike()', [DEFINER, 'insert into m values (1)'])).to.equal('gd');
    expect(lastAmong(bodies, 'select * from a_view', [DEFINER, 'insert into m values (1)'])).to.equal('');
    expect(lastAmong(bodies, 'insert into ge.t values (1)', 'insert into n values (2)')).to.equal('ge');
    // no function has it: it is a trigger's that this account doesn't see
    expect(lastAmong(bodies, 'insert into gb.z select ga.f1()', [DEFINER, 'delete from o'])).to.equal('gb');
  });

  it('of a thread that no session began have the schema of the event, if it alone has them', () => {
    const event = (schema: string, body: string): StoredBody => ({ schema, name: 'e', kind: 'event', body });
    const bodies = [
      event('ga', 'begin insert into n values (1); delete from m where i = 5; end'),
      event('gb', 'update l set k = 1'),
      trigger('gc', 'z', 'begin delete from m where i = 5; update o set k = 1; end'),
    ];
    const known = { seesAll: true, seesTriggers: true, logsProcedures: false };
    const seen = new StoredBodies(bodies, native, known);
    expect(lastAmong(seen, [DEFINER, 'insert into n values (1)'])).to.equal('ga');
    expect(lastAmong(seen, [DEFINER, 'update l set k = 1'])).to.equal('gb');
    expect(lastAmong(seen, [DEFINER, 'delete from m where i = 5']), 'which of them is not known').to.equal('');
    expect(lastAmong(seen, 'insert into gc.z values (1)', [DEFINER, 'delete from m where i = 5'])).to.equal('gc');
    const used = 'after a restart an event has the number of a session';
    expect(lastAmong(seen, 'insert into gd.z values (1)', [DEFINER, 'update l set k = 1']), used).to.equal('gb');
    const hidden = new StoredBodies(bodies.slice(1), native, { ...known, seesEvents: false });
    for (const text of ['update o set k = 1', 'update l set k = 1'])
      expect(lastAmong(hidden, [DEFINER, text]), 'or that of a hidden event').to.equal('');
    expect(lastAmong(new StoredBodies(bodies.slice(2), native, known), [DEFINER, 'update o set k = 1'])).to.equal('gc');
    // a read for lineage has the sessions' logins, and not each of their statements
    for (const among of [hidden, seen]) {
      const firing = new FiringStatements(among);
      firing.beginSession('1');
      const row = { thread: '1', account: DEFINER, command: 'Query' };
      expect(firing.placeOfBody({ ...row, body: 'update o set k = 1' }, 'gr')?.schema).to.equal('gc');
      expect(firing.placeOfBody({ ...row, body: 'delete from m where i = 5' }, 'gr')?.schema).to.equal('gc');
    }
  });

  it('of a thread that no session began are told as likely where an event that is gone or hidden may have them', () => {
    const bodies = [
      { schema: 'ga', name: 'e', kind: 'event', body: 'begin insert into gb.z values (1); end' } as const,
      trigger('gb', 'z', 'update o set k = 1'),
      trigger('gc', 'z', 'update p set k = 1'),
    ];
    const known = { seesAll: true, seesTriggers: true, logsProcedures: false };
    const placeIn = (among: StoredBodies, body: string): BodyPlace | undefined =>
      new FiringStatements(among).placeOfBody({ thread: '1', account: DEFINER, command: 'Query', body }, undefined);
    const seen = new StoredBodies(bodies, native, known);
    expect(placeIn(seen, 'update o set k = 1'), 'an event runs it').to.deep.equal({ schema: 'gb', isGuess: false });
    expect(placeIn(seen, 'update p set k = 1'), 'none does').to.deep.equal({ schema: 'gc', isGuess: true });
    const none = new StoredBodies(bodies.slice(1), native, known);
    expect(placeIn(none, 'update p set k = 1'), 'none is there').to.deep.equal({ schema: 'gc', isGuess: false });
    const off = new StoredBodies(bodies.slice(1), native, { ...known, seesEvents: false, runsEvents: false });
    expect(placeIn(off, 'update p set k = 1'), 'some may have run').to.deep.equal({ schema: 'gc', isGuess: true });
  });

  it('have that of what the statement reaches through triggers, whatever else has such a statement', () => {
    const bodies = new StoredBodies(
      [
        named('ga', 'f', 'begin delete from m where i = 9; return 1; end'),
        named('gb', 'f2', "begin replace into m(i, x) values (9, 'b'); return 1; end"),
        named('gc', 'f2', "begin replace into m(i, x) values (9, 'c'); return 1; end"),
        trigger('ga', 'q', 'begin declare v int; set v = f(1); end'),
        trigger(
          'ga',
          'z',
          'begin insert into gc.l(k) values (new.k); delete from m where i = 7; set v = gb.f2(1); end'
        ),
        trigger('gc', 'z', 'begin delete from m where i = 7; end'),
        trigger('gc', 'l', 'begin update n set k = 1; end'),
        trigger('gd', 'l', 'begin update n set k = 1; end'),
      ],
      native,
      { seesAll: true, seesTriggers: true, logsProcedures: true }
    );
    expect(lastAmong(bodies, 'update ga.q set k = 1', 'delete from m where i = 9')).to.equal('ga');
    const fired = ['insert into ga.z(k) values (1), (2)', 'insert into gc.l(k) values (new.k)'] as const;
    expect(lastAmong(bodies, ...fired, 'delete from m where i = 7')).to.equal('ga');
    expect(lastAmong(bodies, ...fired, 'update n set k = 1')).to.equal('gc');
    expect(lastAmong(bodies, ...fired, [DEFINER, "replace into m(i, x) values (9, 'b')"])).to.equal('gb');
    expect(lastAmong(bodies, 'insert into `gc` . `z` (k) values (1)', 'delete from m where i = 7')).to.equal('gc');
    expect(lastAmong(bodies, 'insert into gr.z (k) values (1)', 'delete from m where i = 7')).to.equal(undefined);
    // reading fires nothing
    for (const text of ['insert into n(k) select k from ga.z', 'set @z = ga.f()', "select ga.f(), 'ga.z' z"])
      expect(lastAmong(bodies, text, 'delete from m where i = 7'), text).to.equal(undefined);
    expect(lastAmong(bodies, 'insert into ga./* of */z(k) values (1)', 'delete from m where i = 7')).to.equal('ga');
    const quoted = { thread: '1', account: APP, body: 'insert into "ga"."z"(k) values (1)', command: 'Query' };
    const firing = new FiringStatements(bodies);
    firing.placeOfBody(quoted, 'gr', { ansiQuotes: true });
    expect(firing.placeOfBody({ ...quoted, body: 'delete from m where i = 7' }, 'gr')?.schema).to.equal('ga');
  });

  it('are found behind calls in whatever form these are written', () => {
    const text = 'delete from m where i = 7';
    const procedure: StoredBody = { schema: 'ga', name: 'p', kind: 'procedure', body: `begin ${text}; end` };
    const calling = (schema: string, name: string, calls: string, session?: StoredBody['session']): StoredBody => ({
      ...{ schema, name, kind: 'trigger', table: name },
      ...{ body: `begin set @v = ${calls}; end`, session },
    });
    const bodies = new StoredBodies(
      [
        named('ga', 'f', `begin ${text}; return 1; end`),
        named('ga', 'fö', `begin ${text}; return 1; end`),
        named('ga', '1f', `begin ${text}; return 1; end`),
        procedure,
        calling('gb', 'commented', 'ga./* of */f(1)'),
        calling('gb', 'quoted', '"ga"."f"("ga")', { ansiQuotes: true }),
        calling('gb', 'text', '"ga.f(1)"'),
      ],
      native,
      { seesAll: true, seesTriggers: true, logsProcedures: true }
    );
    for (const calls of [
      ...[
        'select ga./* x */f(1)',
        'select ga.f/* x */(1)',
        'select ga.f -- x\n(1)',
        'select ga . f (1)',
        'do ga.fö(1)',
      ],
      ...['select `ga`.`f`(1)', 'select /*! ga. */f(1)', 'select ga.1f(1)', 'set @z = ga.f (1)'],
      ...['call ga./* x */p()', 'call/* x */ga.p', '/* x */ call ga . p', 'call `ga`.`p`', '-- x\ncall ga.p(1)'],
      ...['insert into gb.commented values (1)', 'insert into gb.quoted values (1)'],
    ])
      expect(lastAmong(bodies, calls, text), calls).to.equal('ga');
    for (const calls of [
      ...["select 'ga.f(1)'", 'select 1 /* ga.f(1) */', 'select ga.f', 'select 1 -- call ga.p()', 'select gb.f(1)'],
      ...['insert into gb.text values (1)', 'select "ga.f(1)"'],
    ])
      expect(lastAmong(bodies, calls, text), calls).to.equal(undefined);
    for (const calls of ['select "ga"."f"(1)', 'call "ga"."p"()', 'call "ga"."p"']) {
      const firing = new FiringStatements(bodies);
      const row = { thread: '1', account: APP, body: calls, command: 'Query' };
      firing.placeOfBody(row, 'gr', { ansiQuotes: true });
      expect(firing.placeOfBody({ ...row, body: text }, 'gr')?.schema, calls).to.equal('ga');
    }
  });

  it('are found behind calls that stand far behind the beginning of a text', () => {
    const bodies = new StoredBodies([named('ga', 'f', 'begin delete from m; return 1; end')], native);
    const calls = `select ${"'x', ".repeat(2_000)} ga.f(1)`;
    expect(lastAmong(bodies, calls, 'delete from m')).to.equal('ga');
    const firing = new FiringStatements(bodies);
    const row = { account: APP, command: 'Query' };
    for (let thread = 1; thread <= 40; thread += 1)
      firing.placeOfBody({ ...row, thread: String(thread), body: calls }, 'gr');
    const ran = (thread: string): unknown =>
      firing.placeOfBody({ ...row, thread, body: 'delete from m' }, 'gr')?.schema;
    expect([ran('40'), ran('30')]).to.deep.equal(['ga', 'ga']);
  });

  it('cost little memory, however long the texts of many sessions are', () => {
    const firing = new FiringStatements(new StoredBodies([named('ga', 'f', 'begin delete from m; end')], native));
    const held = (): number => process.memoryUsage().external + process.memoryUsage().heapUsed;
    const before = held();
    for (let thread = 1; thread <= 200; thread += 1) {
      const body = Buffer.from(`insert into t values (f(1), '${'x'.repeat(2_500_000)}')`).toString('latin1');
      firing.placeOfBody({ thread: String(thread), account: APP, command: 'Query', body }, 'ga');
    }
    setFlagsFromString('--expose-gc');
    (runInNewContext('gc') as () => void)();
    expect((held() - before) / 1_000_000).to.be.below(120);
    expect(
      firing.placeOfBody({ thread: '1', account: APP, command: 'Query', body: 'delete from m' }, 'ga')
    ).to.not.equal(undefined);
  });

  it("are found behind calls of packages' routines", () => {
    const text = 'delete from m where i = 7';
    const body = `as function f return int as begin ${text}; return 1; end; procedure p as begin ${text}; end; end`;
    const packages = (logsProcedures: boolean): StoredBodies =>
      new StoredBodies([{ schema: 'ga', name: 'pk', kind: 'package', body }, named('gb', 'f', 'begin end')], native, {
        ...{ seesAll: true, seesTriggers: true, logsProcedures },
      });
    for (const calls of ['select ga.pk.f()', 'select `GA` . pk./* x */f ()', 'do ga.pk.f()', 'select gb.f(ga.pk.f())'])
      expect(lastAmong(packages(false), calls, text), calls).to.equal('ga');
    for (const calls of ['call ga.pk.p', 'call ga.pk.p()']) {
      expect(lastAmong(packages(true), calls, text), calls).to.equal('ga');
      expect(lastAmong(packages(false), calls, text), calls).to.equal(undefined);
    }
    const inSchema = new StoredBodies([{ schema: 'gr', name: 'pk', kind: 'package', body }], native);
    expect(lastAmong(inSchema, 'select pk.f()', text)).to.equal('gr');
    for (const calls of ['select gb.pk.f()', 'select ga.f()', 'select pk()', 'select ga.pk'])
      expect(lastAmong(packages(true), calls, text), calls).to.equal(undefined);
  });

  it('are found behind views', () => {
    const text = 'delete from m where i = 7';
    const views = [
      { schema: 'gb', name: 'written', query: 'select `ga`.`z`.`k` AS `k` from `ga`.`z`' },
      { schema: 'gc', name: 'outer', query: 'select `gb`.`written`.`k` AS `k` from `gb`.`written`' },
      { schema: 'gb', name: 'calling', query: 'select `ga`.`f`(1) AS `x`' },
      { schema: 'gc', name: 'outer2', query: 'select `calling`.`x` AS `x` from `gb`.`calling`' },
      { schema: 'gc', name: 'hidden', query: '' },
    ];
    const bodies = new StoredBodies(
      [
        trigger('ga', 'z', `begin ${text}; end`),
        named('ga', 'f', `begin ${text}; return 1; end`),
        named('gd', 'g', 'begin insert into gc.outer values (1); return 1; end'),
      ],
      native,
      { seesAll: true, seesTriggers: true, logsProcedures: false },
      views
    );
    for (const fired of [
      ...['insert into gb.written values (1)', 'update gc.outer set k = 1', 'delete v from gc.outer v'],
      ...['select gd.g(1)', 'select * from gb.calling', 'select * from gc./* x */outer2'],
    ])
      expect(lastAmong(bodies, fired, text), fired).to.equal('ga');
    for (const fired of ['select * from gb.written', 'insert into w select * from gc.outer', 'select * from gb.other'])
      expect(lastAmong(bodies, fired, text), fired).to.equal(undefined);
  });

  it('tell bodies apart by names in double quotes', () => {
    const quoted = (schema: string, table: string): StoredBody => ({
      ...named(schema, 'f', `begin delete from "${table}"; return 1; end`),
      session: { ansiQuotes: true },
    });
    const bodies = new StoredBodies([quoted('ga', 'm'), quoted('gb', 'n')], native);
    expect(lastAmong(bodies, 'select * from a_view', [DEFINER, 'delete from "n"'])).to.equal('gb');
  });

  it('are those of the tables that a body writes, not of names that it reads', () => {
    const text = 'delete from m where i = 7';
    const of = (body: string): StoredBodies =>
      new StoredBodies([named('ga', 'f', body), trigger('ga', 'z', `begin ${text}; end`)], native);
    for (const body of [
      'begin declare z int default 3; update w set k = z where i = 9; return z; end',
      'begin insert into w (k) select k from z; return 1; end',
      'begin insert into w (z) values (1); delete aa from w aa join z using (k); return 1; end',
    ])
      expect(lastAmong(of(body), 'select ga.f(1)', text), body).to.equal(undefined);
    for (const body of [
      'begin if exists (select 1 from w) then update z set k = 1; end if; return 1; end',
      'begin declare exit handler for sqlexception insert into z values (1); return 1; end',
      'begin insert into z select 1 from w; insert into w select k from z; return 1; end',
      'begin delete aa from z aa join w using (k); return 1; end',
      // a body that was cut
      'begin return 1; insert into z values (',
    ])
      expect(lastAmong(of(body), 'select ga.f(1)', text), body).to.equal('ga');
  });

  it('have none where a trigger that is hidden may have the statement, too', () => {
    const stored: StoredBody = {
      schema: 'gc',
      name: 'p',
      kind: 'procedure',
      body: 'begin delete from m where i = v; end',
    };
    const statement = "delete from m where i= NAME_CONST('v',1)";
    const known = { seesAll: true, logsProcedures: true };
    const hidden = new StoredBodies([stored], native, { ...known, seesTriggers: false });
    expect(lastAmong(hidden, 'insert into ga.z values (1)', statement)).to.equal('');
    expect(lastAmong(hidden, 'call gc.p()', statement)).to.equal('gc');
  });

  it('are found among many, those nearest to the statement first', () => {
    const many = Array.from({ length: 500 }, (_, at) => named('ga', `f${at}`, 'begin return 1; end'));
    const calls = many.map(({ name }) => `set v = ${name}();`).join(' ');
    const own = [
      trigger('ga', 'z', 'begin insert into u values (1); delete from größe; end'),
      trigger('ga', 'u', calls),
    ];
    const bodies = new StoredBodies([...many, ...own, trigger('ga', 'größe', 'delete from m')], native);
    const fired = ['insert into ga.z values (1)', 'insert into u values (1)'] as const;
    expect(lastAmong(bodies, ...fired, 'delete from größe')).to.equal('ga');
    expect(lastAmong(bodies, 'delete from ga.größe', 'delete from m')).to.equal('ga');
  });

  it('have that of the function which the statement names, where bodies are hidden', () => {
    const none = new StoredBodies([], native);
    expect(lastAmong(none, 'select ga.f1() x', body)).to.equal('ga');
    expect(lastAmong(none, 'select `ga`.`f1` () x', byDefiner)).to.equal('ga');
    expect(lastAmong(none, 'select f1() x', byDefiner)).to.equal('gr');
    expect(lastAmong(none, 'set @x = ga.f1()', byDefiner)).to.equal('ga');
    expect(lastAmong(none, 'insert into gr.z select f1()', byDefiner)).to.equal('gr');
    expect(lastAmong(none, 'insert into gb.z (k) values (now())', byDefiner)).to.equal('gb');
    expect(lastAmong(none, "insert into gb.z values ('f1()')", byDefiner)).to.equal('gb');
  });

  it('have none where several are possible, or none is known', () => {
    const none = new StoredBodies([named('gr', 'f2')], native);
    expect(lastAmong(none, 'insert into gb.z select f1(),1', byDefiner)).to.equal('');
    expect(lastAmong(none, 'insert into gb.z select max(ga.f1())', byDefiner)).to.equal('');
    expect(
      lastAmong(none, 'insert into gb.z values (1)', [DEFINER, 'insert into u values (new.i, ga.f1())'], byDefiner)
    ).to.equal('');
    expect(lastAmong(none, 'select * from a_view', body)).to.equal('');
    expect(lastAmong(none, byDefiner)).to.equal('');
    // that is known to be the session's own
    expect(lastAmong(none, byDefiner, 'select id from w')).to.equal(undefined);
    for (const text of [
      'select k into @v from w',
      "select k into outfile 'x' from w",
      'select 1; insert into w values (1)',
    ])
      expect(lastAmong(none, 'select ga.f1()', text), text).to.equal(undefined);
  });
});

describe("procedures' statements in a general log", () => {
  const bodies = (logsProcedures: boolean): StoredBodies =>
    new StoredBodies(
      ['ga', 'gb'].flatMap((schema): StoredBody[] => [
        ...[
          {
            ...({ schema, name: 'p', kind: 'procedure' } as const),
            body: 'begin insert into u select k from w; call p2(5); end',
          },
          {
            ...({ schema, name: 'p2', kind: 'procedure' } as const),
            body: 'begin update l set k=a where i=1; delete from m; end',
          },
        ],
        { schema, name: 'f', kind: 'function', body: 'begin call p2(7); delete from n; return 1; end' },
        { schema, name: 'tr', kind: 'trigger', table: 'u', body: 'insert into v values (1)' },
      ]),
      () => false,
      { seesAll: true, seesTriggers: true, logsProcedures }
    );
  const at = (...texts: string[]): string | undefined => lastAmong(bodies(true), ...texts);

  it('have the schema of the procedure that was called, under the account of the session too', () => {
    const variables = "update l set k= NAME_CONST('a',9) where i=1";
    expect(at('call gb.p2(9)', variables)).to.equal('gb');
    expect(at('call gb.p2(9)', variables, 'delete from m')).to.equal('gb');
    expect(at('CALL `gb`.`p`', 'insert into u select k from w')).to.equal('gb');
    expect(at('call gb.p', 'insert into u select k from w', 'call p2(5)', variables, 'delete from m')).to.equal('gb');
    expect(at('call gb.p', 'insert into u select k from w', 'insert into v values (1)')).to.equal('gb');
    expect(at('select ga.f() from gb.l', 'call p2(7)', variables)).to.equal('ga');
    expect(at('call gb.p2(9)', variables, 'select 1', 'delete from m')).to.equal(undefined);
    expect(at('call gb.p2(9)', 'delete from n')).to.equal(undefined);
  });

  /** Where each row is placed behind `call ga.p()`. */
  function behind(rows: readonly string[], body: string): readonly (string | undefined)[] {
    const firing = new FiringStatements(
      new StoredBodies([{ schema: 'ga', name: 'p', kind: 'procedure', body }], () => false, {
        ...{ seesAll: true, seesTriggers: true, logsProcedures: true },
      })
    );
    const place = (text: string): string | undefined =>
      firing.placeOfBody({ thread: '1', account: APP, body: text, command: 'Query' }, 'gr')?.schema;
    place('call ga.p()');
    return rows.map(place);
  }

  it('are all that the body has, whatever their first word', () => {
    // as MariaDB 10.11 logs them
    const rows = [
      ...['start transaction', 'insert into m(k) values (3)', 'savepoint a', 'rollback to a', 'release savepoint a'],
      ...['commit and chain', 'ROLLBACK', 'truncate table q', 'analyze table u', 'checksum table u', 'flush status'],
      ...['(select 1 from w) union (select 2 from u)', 'values (1),(2)', 'show create table w', 'desc w k'],
      ...['get diagnostics condition 1 @e = message_text', "resignal set message_text = 'abc'", 'kill query 5'],
      ...["execute st using  NAME_CONST('v',2)", 'deallocate prepare st', 'grant select on ga.* to app', 'xa end 1'],
      "signal sqlstate '01000' set message_text =  NAME_CONST('s',_latin1'aa' COLLATE 'latin1_swedish_ci'), mysql_errno = 1000",
    ];
    const statements = rows.map((row) => row.replace(/ NAME_CONST\('(\w)',[^)]*\)/g, '$1'));
    const body = `begin declare v int; ${[...statements, 'delete from w'].join('; ')}; end`;
    for (const row of rows)
      expect(behind([row, 'delete from w', 'select 1', 'delete from w'], body), row).to.deep.equal([
        ...['ga', 'ga', undefined, undefined],
      ]);
  });

  it('are those behind what a body has before statements', () => {
    for (const lead of [
      ...['begin', 'BEGIN NOT ATOMIC', 'if x then', 'if x then delete from m; else', 'while x do', 'l: loop'],
      ...['repeat', 'case x when 1 then', '<<l>>', 'declare exit handler for sqlexception', 'do sleep(1);'],
      ...["declare continue handler for sqlstate value '02000', not found, 1318, alike", 'x: begin /* y */'],
      'procedure p as begin',
    ])
      for (const row of ['start transaction', 'savepoint a', '(select 1 from w) union (select 2 from u)'])
        expect(
          behind([row, 'delete from w'], `begin ${lead} ${row}; delete from w; end`),
          `${lead} ${row}`
        ).to.deep.equal([...['ga', 'ga']]);
  });

  it('are a row for each assignment of a SET', () => {
    const body =
      'begin set @a = 1, v = 2, @b := (select max(k), 1 from w), session sql_mode = default; set global transaction read write; set names utf8, @y = 1; delete from w; end';
    for (const row of [
      ...[
        'SET @a = 1',
        'SET @b := (select max(k), 1 from w)',
        'SET sql_mode = default',
        'SET GLOBAL sql_mode = default',
      ],
      ...['SET GLOBAL transaction read write', 'SET names utf8', 'SET @y = 1'],
    ])
      expect(behind([row, 'delete from w'], body), row).to.deep.equal(['ga', 'ga']);
    expect(behind(['SET @a = 2', 'delete from w'], body)).to.deep.equal([undefined, undefined]);
  });

  it("are none that stand inside of the body's", () => {
    const body = 'begin insert into l(k) select k from w; end';
    expect(behind(['insert into l(k) select k from w', 'select k from w'], body)).to.deep.equal(['ga', undefined]);
  });

  it("are the session's own where the server doesn't log what procedures do", () => {
    expect(lastAmong(bodies(false), 'call gb.p2(9)', 'delete from m')).to.equal(undefined);
  });
});

describe('statements of a block that the session sent, in a general log', () => {
  const fires = (schema: string): StoredBody => ({
    ...{ schema, name: 'tr', kind: 'trigger', table: 'z' },
    body: 'begin delete from m; end',
  });
  const block = 'begin not atomic declare v int; insert into ga.z values (v); insert into gb.z values (2); end';
  const rows = [block, "insert into ga.z values ( NAME_CONST('v',1))", 'delete from m', 'insert into gb.z values (2)'];

  function placed(texts: readonly string[], known: Partial<BodiesKnown> = {}): unknown[] {
    const all = { seesAll: true, seesTriggers: true, logsProcedures: true, ...known };
    const firing = new FiringStatements(new StoredBodies([fires('ga'), fires('gb')], () => false, all));
    return texts.map((body) => {
      const place = firing.placeOfBody({ thread: '1', account: APP, body, command: 'Query' }, 'gr');
      return place?.isOfBlock === true ? 'block' : place?.schema;
    });
  }

  it('are told from what they fire', () => {
    expect(placed([...rows, 'delete from m'])).to.deep.equal([undefined, 'block', 'ga', 'block', 'gb']);
    expect(placed([...rows, 'select 1', 'insert into gb.z values (2)']).slice(-2)).to.deep.equal([
      ...[undefined, undefined],
    ]);
  });

  it('are not known from what a body has, too', () => {
    const both = 'begin not atomic insert into ga.z values (1); delete from m; end';
    expect(placed([both, 'insert into ga.z values (1)', 'delete from m'])).to.deep.equal([undefined, 'block', '']);
  });

  it("are the session's own where the server logs none of a block", () => {
    const alike = ['begin not atomic insert into n values (1); end', 'insert into n values (1)'];
    expect(placed(alike, { logsProcedures: false })).to.deep.equal([undefined, undefined]);
    expect(placed(alike, { logsProcedures: false, logsBlocks: true })).to.deep.equal([undefined, 'block']);
  });
});
