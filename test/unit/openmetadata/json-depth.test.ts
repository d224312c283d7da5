import { expect } from 'chai';
import { isTooDeep, isTooDeepText } from '../../../src/openmetadata/index.js';

describe('The nesting of a body', () => {
  const nested = (levels: number): string => `${'[{"a":'.repeat(levels / 2)}1${'}]'.repeat(levels / 2)}`;

  it('is told from its text as from its value, and before a value is made', () => {
    for (const levels of [2, 100, 102, 200])
      expect(isTooDeepText(nested(levels)), String(levels)).to.equal(isTooDeep(JSON.parse(nested(levels))));
    expect(isTooDeepText('['.repeat(1_000_000))).to.equal(true);
    expect(isTooDeepText(`[${'{"a":[],"b":{}},'.repeat(1_000)}1]`)).to.equal(false);
  });

  it('does not count what stands in its texts', () => {
    for (const text of ['[', '"[', '\\[', '\\"[', '\\\\"[', '["', ''])
      expect(isTooDeepText(JSON.stringify({ a: text.repeat(500), b: [text] })), text).to.equal(false);
    expect(isTooDeepText(`{"a": "\\\\", "b": ${nested(200)}}`)).to.equal(true);
  });
});
