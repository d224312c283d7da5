import { expect } from 'chai';
import { readExtractLine, writeExtractLine, type ExtractLine } from '../../../src/metadata/extract-line.js';

/** Characters that stand between a line and its request. */
const BORDER = ',"request":';
const at = { database: `d${BORDER}{}`, schema: 's' };

describe('A line of an extracted chunk', () => {
  const lines: readonly ExtractLine[] = [
    {
      kind: 'table',
      ...at,
      name: BORDER,
      sourceHash: 'h',
      tags: [{ classification: 'PII', tag: BORDER }],
      foreignKeys: [{ referredTable: 'a.b.c.d', constraint: { constraintType: 'FOREIGN_KEY', columns: [BORDER] } }],
    },
    { kind: 'procedure', ...at, name: 'p', sourceHash: 'h' },
  ];
  for (const line of lines) {
    it(`gives back a ${line.kind} and its request to the letter, whatever stands in them`, () => {
      const request = JSON.stringify({ name: 'x', code: `${BORDER} "quoted" \\" \n ä`, nested: { request: 1 } });
      const text = writeExtractLine(line, request);
      expect(text).to.not.include('\n');
      expect(readExtractLine(Buffer.from(text))).to.deep.equal({ line, request: Buffer.from(request) });
      expect(JSON.parse(text)).to.deep.equal({ ...line, request: JSON.parse(request) as unknown });
    });
  }

  it('has no request where there is none to send', () => {
    const none = Buffer.alloc(0);
    const seen: ExtractLine = { kind: 'seen', ...at, entity: 'table', name: BORDER };
    expect(readExtractLine(Buffer.from(writeExtractLine(seen)))).to.deep.equal({ line: seen, request: none });
    const end: ExtractLine = { kind: 'end', ...at, listing: 'whole' };
    expect(readExtractLine(Buffer.from(writeExtractLine(end)))).to.deep.equal({ line: end, request: none });
  });
});
