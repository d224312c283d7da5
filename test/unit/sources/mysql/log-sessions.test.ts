import { expect } from 'chai';
import { LogSessions } from '../../../../src/sources/mysql/log-sessions.js';
import type { LogRow } from '../../../../src/sources/mysql/query-log-statements.js';
import { StoredBodies, type StoredBody } from '../../../../src/sources/mysql/stored-bodies.js';
import { sqlMode } from '../../../../src/sources/mysql/thread-modes.js';
import { ThreadZones } from '../../../../src/sources/mysql/thread-zones.js';

const NOON = Date.UTC(2026, 10, 30, 12);
const HOUR = 3_600_000;
const APP = 'app[app] @ localhost [127.0.0.1]';
const DEFINER = 'root[root] @ localhost [localhost]';

const event = (schema: string, body: string, zone = 'SYSTEM'): StoredBody => ({
  ...{ schema, name: 'e', kind: 'event', body, zone },
});

/** @param seconds after noon, by the clock of the server, which is UTC */
function row(seconds: number, command: string, body: string, account = APP, thread = '8'): LogRow {
  const at = NOON / 1000 + seconds;
  const local = new Date(at * 1000).toISOString().slice(0, 19).replace('T', ' ');
  return { at: String(at), thread, command, account, body, db: null, took: null, local, wanted: 1 };
}

function sessionsOf(bodies: readonly StoredBody[], startedAt?: number): LogSessions {
  const known = { seesAll: true, seesTriggers: true, logsProcedures: false, ...(startedAt && { startedAt }) };
  return new LogSessions({
    zones: new ThreadZones({ host: undefined, knowsNames: true }, NOON + 48 * HOUR),
    lacks: () => false,
    bodies: new StoredBodies(bodies, () => false, known),
    ...{ mode: sqlMode(''), server: { isMariaDb: true } },
  });
}

/** Of each row: schema, hours after noon, temporary tables. */
function ran(sessions: LogSessions, rows: readonly LogRow[]): [unknown, number, unknown][] {
  return rows.flatMap((each) => {
    const found = each.command === 'Query' ? sessions.follow({ ...each }) : sessions.follow({ ...each, wanted: 0 });
    return found === undefined
      ? []
      : [[found.schema, (found.startedAt - NOON) / HOUR, found.temporary.map(([name]) => name)]];
  });
}

const BEFORE = [
  row(0, 'Connect', 'app@localhost on shop using TCP/IP'),
  row(1, 'Query', "SET time_zone = '+09:00'"),
  row(9 * 3600, 'Query', 'CREATE TEMPORARY TABLE l (k INT)'),
] as const;

describe('sessions of a general log', () => {
  it('are over with their Quit: an event in a thread of the same number has nothing of them', () => {
    const rows = [...BEFORE, row(0, 'Quit', ''), row(3600, 'Query', 'INSERT INTO l VALUES (1)', DEFINER)];
    const bodies = [event('ga', 'INSERT INTO l VALUES (1)')];
    expect(ran(sessionsOf(bodies), rows).at(-1)).to.deep.equal(['ga', 1, []]);
    expect(ran(sessionsOf([]), rows).at(-1), 'whatever is known of events').to.deep.equal(['', 1, []]);
  });

  it('are over with a start of the server', () => {
    const rows = [
      ...BEFORE,
      row(7200, 'Connect', 'app@localhost on other using TCP/IP', APP, '5'),
      row(64_800, 'Query', 'DELETE FROM l'),
    ];
    expect(ran(sessionsOf([]), rows).at(-1), 'not known').to.deep.equal(['shop', 9, ['shop']]);
    expect(ran(sessionsOf([], NOON + HOUR), rows).at(-1)).to.deep.equal([undefined, 18, []]);
  });

  it('are over with a start of the server that a row shows, where the log was off for the logins behind it', () => {
    const [connect] = BEFORE;
    const rows = [connect, row(7200, 'Query', 'DELETE FROM l'), row(7300, 'Query', 'DELETE FROM l')];
    expect(ran(sessionsOf([]), rows).at(-1)?.[0], 'not known').to.equal('shop');
    for (const [schema] of ran(sessionsOf([], NOON + HOUR), rows)) expect(schema).to.equal(undefined);
    // by its own clock that row may be one before the start
    const shifted = ran(sessionsOf([], NOON + HOUR), [...BEFORE, row(10 * 3600, 'Query', 'DELETE FROM l')]);
    expect(shifted.at(-1)).to.deep.equal(['shop', 1, ['shop']]);
  });

  it('go on where an event has their number for a row, whatever the log lacks of their end', () => {
    const bodies = [
      event('ga', 'BEGIN INSERT INTO l VALUES (1); INSERT INTO gc.z VALUES (1); END'),
      { schema: 'gc', name: 't', kind: 'trigger', table: 'z', body: 'INSERT INTO l VALUES (2)' } as const,
    ];
    const rows = [1, 2].map((value) => row(3600, 'Query', `INSERT INTO l VALUES (${value})`, DEFINER));
    const own = row(10 * 3600, 'Query', 'DELETE FROM l');
    expect(ran(sessionsOf(bodies), [...BEFORE, ...rows, own]).slice(-3)).to.deep.equal([
      ['ga', 1, []],
      ['gc', 1, []],
      ['shop', 1, ['shop']],
    ]);
  });

  it('of events have the zones of these', () => {
    const bodies = [
      event('ga', 'INSERT INTO l VALUES (1)', '-11:00'),
      event('gb', 'BEGIN INSERT INTO l VALUES (2); INSERT INTO gc.z VALUES (3); END', '+02:00'),
      { schema: 'gc', name: 't', kind: 'trigger', table: 'z', body: 'INSERT INTO l VALUES (4)' } as const,
    ];
    const rows = [1, 2, 4].map((value) =>
      row(0, 'Query', `INSERT INTO l VALUES (${value})`, DEFINER, value === 1 ? '8' : '9')
    );
    expect(ran(sessionsOf(bodies), rows)).to.deep.equal([
      ['ga', 11, []],
      ['gb', -2, []],
      ['gc', -2, []],
    ]);
  });
});
