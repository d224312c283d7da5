import { expect } from 'chai';
import { setTimeZone } from '../../../../src/sources/mysql/set-time-zone.js';
import { ThreadZones, type ServerZones } from '../../../../src/sources/mysql/thread-zones.js';

describe('the time zone of a session in a general log', () => {
  it('is what the last SET of a text makes it, whatever else it sets', () => {
    const cases: readonly (readonly [string, string | null | undefined])[] = [
      ["SET time_zone='+00:00'", '+00:00'],
      ['set time_zone := "Europe/Berlin"', 'Europe/Berlin'],
      ["SET @@session.time_zone = 'UTC'", 'UTC'],
      ["SET @@time_zone='-03:00'", '-03:00'],
      ["SET SESSION `time_zone` = '+01:00'", '+01:00'],
      ["SET LOCAL time_zone='+02:00', sql_mode='A,B'", '+02:00'],
      ["SET sql_mode=CONCAT(@@sql_mode,',STRICT_ALL_TABLES'), time_zone='+03:00'", '+03:00'],
      ["SET sql_mode=(SELECT REPLACE(@@sql_mode,'ONLY_FULL_GROUP_BY','')), time_zone='+06:00'", '+06:00'],
      ["SET NAMES utf8mb4, time_zone='+05:00'", '+05:00'],
      ["/* app */ SET time_zone='+04:00'", '+04:00'],
      ["/*!40103 SET TIME_ZONE='+00:00' */", '+00:00'],
      ['/*!40103 SET TIME_ZONE=@OLD_TIME_ZONE */', null],
      ['SET time_zone=DEFAULT', null],
      ['SET time_zone=@@GLOBAL.time_zone', null],
      ['SET time_zone=SYSTEM', 'SYSTEM'],
      ["SELECT 1; SET time_zone='-03:00'; SELECT 4 FROM a", '-03:00'],
      ["SET time_zone='-03:00'; SET time_zone='-04:00'", '-04:00'],
      ["SET GLOBAL time_zone='+09:00'", undefined],
      ["SET GLOBAL sort_buffer_size=1, time_zone='+09:00'", undefined],
      ["SET GLOBAL sort_buffer_size=1, SESSION time_zone='+09:00'", '+09:00'],
      ["SET @@global.time_zone='+09:00', time_zone='+08:00'", '+08:00'],
      ['/*!40103 SET @OLD_TIME_ZONE=@@TIME_ZONE */', undefined],
      ["SET @time_zone='+09:00'", undefined],
      ["SET STATEMENT time_zone='-08:00' FOR SELECT 8 FROM a", undefined],
      ["UPDATE users SET time_zone='+09:00' WHERE id = 1", undefined],
      ["SELECT 'x; SET time_zone' FROM a", undefined],
      ["CREATE OR REPLACE PROCEDURE p() BEGIN DECLARE v INT; SET time_zone='+05:00'; END", undefined],
      [
        "create definer=a@'%' trigger t before insert on z for each row begin set @a=1; set time_zone='+05:00'; end",
        undefined,
      ],
      ["CREATE PROCEDURE p() BEGIN SELECT 1; END; SET time_zone='+05:00'", '+05:00'],
    ];
    for (const [text, zone] of cases) expect(setTimeZone(text), text).to.equal(zone);
  });

  const NOON = Date.UTC(2026, 10, 28, 12);
  const HOUR = 3_600_000;
  const SERVER: ServerZones = { host: undefined, knowsNames: true };
  /** Hours that the row of a thread is read later than the server's zone has it, after these texts of the thread. */
  const shift = (texts: readonly string[], server = SERVER, local = NOON): number => {
    const zones = new ThreadZones(server, NOON + 24 * HOUR);
    for (const text of texts) zones.follow('1', text === 'Change user' ? text : 'Query', text);
    expect(zones.timeOf('2', local, NOON)).to.equal(NOON);
    return (zones.timeOf('1', local, NOON) - NOON) / HOUR;
  };

  it('is an offset, or a name with its summer time', () => {
    expect(shift([])).to.equal(0);
    expect(shift(["SET time_zone='-11:00'"])).to.equal(11);
    expect(shift(["SET time_zone='+5:30'"])).to.equal(-5.5);
    expect(shift(["SET time_zone='America/New_York'"])).to.equal(5);
    const summer = Date.UTC(2026, 6, 1, 12);
    const zones = new ThreadZones(SERVER, NOON);
    zones.follow('1', 'Execute', "SET time_zone='America/New_York'");
    expect(zones.timeOf('1', summer, summer)).to.equal(summer + 4 * HOUR);
    // on the night when clocks are set back
    expect(zones.timeOf('1', Date.UTC(2026, 10, 1, 3), 0)).to.equal(Date.UTC(2026, 10, 1, 8));
  });

  it('is the server zone again after DEFAULT, another user, and a value that is no literal', () => {
    for (const text of ['SET time_zone=DEFAULT', 'SET time_zone=SYSTEM', 'SET time_zone=@old', 'Change user'])
      expect(shift(["SET time_zone='-11:00'", text]), text).to.equal(0);
    expect(shift(['SET time_zone=SYSTEM'], { host: 'UTC', knowsNames: true })).to.equal(0);
    expect(shift(['SET time_zone=SYSTEM'], { host: 'Asia/Tokyo', knowsNames: true })).to.equal(-9);
  });

  it('does not change by a name that the server does not know', () => {
    const server = { host: undefined, knowsNames: false };
    expect(shift(["SET time_zone='-11:00'", "SET time_zone='Europe/Berlin'"], server)).to.equal(11);
  });

  it('is the server zone where a row would be before its own thread, or in the future: the connection was reset', () => {
    const zones = new ThreadZones(SERVER, NOON + 24 * HOUR);
    zones.follow('1', 'Query', "SET time_zone='+09:00'");
    expect(zones.timeOf('1', NOON + 9 * HOUR, NOON + 9 * HOUR)).to.equal(NOON);
    expect(zones.timeOf('1', NOON + HOUR, NOON + HOUR)).to.equal(NOON + HOUR);
    expect(zones.timeOf('1', NOON + 20 * HOUR, NOON + 20 * HOUR)).to.equal(NOON + 20 * HOUR);
    const late = new ThreadZones(SERVER, NOON);
    late.follow('1', 'Query', "SET time_zone='-11:00'");
    expect(late.timeOf('1', NOON - HOUR, NOON - HOUR)).to.equal(NOON - HOUR);
  });
});
