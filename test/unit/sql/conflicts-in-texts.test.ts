import { expect } from 'chai';
import { told } from './lineage-shape.js';

describe('INSERT … ON CONFLICT DO NOTHING', () => {
  const inserts: readonly (readonly [string, string])[] = [
    ['INSERT INTO x VALUES (1) ON CONFLICT (id) DO NOTHING', '> x'],
    ['INSERT INTO x VALUES (1) ON CONFLICT DO NOTHING', '> x'],
    ['INSERT INTO x VALUES (1) ON CONFLICT ON CONSTRAINT k DO NOTHING RETURNING id', '> x'],
    ['INSERT INTO x SELECT * FROM y ON CONFLICT (id) DO NOTHING', 'y > x'],
  ];
  for (const [insert, expected] of inserts)
    it(`is understood in a text that is run: ${insert}`, () => {
      expect(told(`DO $$ BEGIN EXECUTE '${insert}'; END $$`, 'postgres')).to.equal(expected);
      expect(told(`DO $$ BEGIN ${insert}; END $$`, 'postgres')).to.equal(expected);
    });
});
