import { expect } from 'chai';
import { LineBuffer, eachLine, toLines } from '../../../src/staging/line-buffer.js';

describe('A line buffer', () => {
  const texts = (bytes: Buffer): string[] => Array.from(eachLine(bytes), String);

  it('gives back every line as it is, however long, and starts anew', () => {
    const buffer = new LineBuffer();
    const lines = ['"a"', '', '"ü€😀"', `"${'ä'.repeat(100_000)}"`, '"z"'];
    for (const line of lines) buffer.add(line);
    const bytes = lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
    expect(buffer.length).to.equal(bytes);
    const first = buffer.take();
    expect(first.count).to.equal(5);
    expect(first.bytes).to.have.length(bytes);
    buffer.add('"next"');
    expect(texts(buffer.take().bytes)).to.deep.equal(['"next"']);
    expect(texts(first.bytes)).to.deep.equal(lines);
    expect(buffer.take()).to.deep.equal({ bytes: Buffer.alloc(0), count: 0 });
  });

  it('refuses a line that makes it too long, but not the first one', () => {
    const buffer = new LineBuffer();
    expect(buffer.add('123456789', 5)).to.equal(true);
    expect(buffer.add('1', 11)).to.equal(false);
    expect(buffer.add('1', 12)).to.equal(true);
    expect(texts(buffer.take().bytes)).to.deep.equal(['123456789', '1']);
  });

  it('takes values as JSON, a line each', () => {
    const { bytes, count } = toLines([{ a: 'x\ny' }, [1]]);
    expect(count).to.equal(2);
    expect(bytes.toString()).to.equal('{"a":"x\\ny"}\n[1]\n');
  });
});
