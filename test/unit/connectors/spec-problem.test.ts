import { expect } from 'chai';
import { z } from 'zod';
import { defineSource, findSource, registerSources, type SourceSpec } from '../../../src/sources/index.js';

const spec = (given: Readonly<Record<string, unknown>>): SourceSpec<Record<string, unknown>> => ({
  type: 'shelf',
  serviceType: 'CustomDatabase',
  dialect: 'ansi',
  unquotedNames: 'lower',
  connection: z.record(z.string(), z.unknown()),
  supports: [],
  connectionTest: [],
  load: () => Promise.reject(new Error('not asked for')),
  ...given,
});

describe('A connector written without types', () => {
  const faults: readonly (readonly [given: Readonly<Record<string, unknown>>, said: RegExp])[] = [
    [{ dialect: 'mysqll' }, /`dialect` has `mysqll`\. Did you mean `mysql`\? Allowed: .*`ansi` for an engine/],
    [{ serviceType: 'Nonsense' }, /`serviceType` has `Nonsense`/],
    [{ unquotedNames: 'sideways' }, /`unquotedNames` has `sideways`\. Allowed: `upper`, `lower`, `as-written`/],
    [{ supports: ['query-logs'] }, /`supports` has `query-logs`\. Did you mean `query-log`/],
    [{ supports: undefined }, /`supports` is no list/],
    [{ connection: undefined }, /`connection` is no model/],
    [{ load: 'x' }, /`load` is no function/],
  ];
  for (const [given, said] of faults)
    it(`is refused when it is made: ${JSON.stringify(given)}`, () => {
      expect(() => defineSource(spec(given))).to.throw(said);
    });

  it('says what its load() lacks when it is opened', async () => {
    const takeAway = registerSources([defineSource(spec({ load: () => Promise.resolve({ check: () => [] }) }))]);
    const context = { runTag: '', signal: AbortSignal.abort(), onStatement: () => 0, onWarning: () => 0 };
    const failure = await findSource('shelf')
      .openMetadata({}, context)
      .then(
        () => '',
        (error: unknown) => String(error)
      );
    takeAway();
    expect(failure).to.match(/The connector shelf lacks what every load\(\) gives: openMetadata\./);
  });
});
