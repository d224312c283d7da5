import { expect } from 'chai';
import { parse } from 'yaml';
import { withoutComments } from '../../../src/client/without-comments.js';

describe('A recipe as it is sent', () => {
  it('has its lines where they were, and no comment', () => {
    const text = [
      '# the password was hunter2',
      'a: 1 # hunter2',
      '',
      'b: "#kept" # hunter2',
      'c: |',
      '  # kept too',
      '  x',
      'd: [1, # hunter2',
      '  2]',
      'e: x#y',
      '',
    ].join('\n');
    const sent = withoutComments(text);
    expect(sent).not.to.include('hunter2');
    expect(sent.split('\n').map((line) => line.trimEnd())).to.deep.equal([
      ...['', 'a: 1', '', 'b: "#kept"', 'c: |', '  # kept too', '  x', 'd: [1,', '  2]', 'e: x#y', ''],
    ]);
    expect(parse(sent)).to.deep.equal(parse(text));
  });

  it('is what anchors and merges mean, without what they override', () => {
    const sent = withoutComments(
      'base: &base\n  pw: hunter2\n  x: 1\nuse:\n  <<: *base\n  pw: ${P}\nbase: null\n'.replace('\nbase: null', '')
    );
    expect(sent).to.not.match(/[&*]base|<</);
    expect(parse(sent)).to.deep.equal({ base: { pw: 'hunter2', x: 1 }, use: { pw: '${P}', x: 1 } });
  });

  it('has what a short value is repeated for', () => {
    const sent = withoutComments(`a: &a [x]\nb: [${Array.from({ length: 150 }, () => '*a').join(', ')}]\n`);
    expect(parse(sent)).to.deep.equal({ a: ['x'], b: Array.from({ length: 150 }, () => ['x']) });
  });

  it('has the values of partitions as they are written, anchors or not', () => {
    const values = '[18446744073709551615, 007, 1.10, True, 5, &a 0x10, *a]';
    const sent = withoutComments(`x: &d {b: 1}\nc: *d\na: {partitionValues: ${values}}\n`);
    expect(parse(sent)).to.deep.equal({
      x: { b: 1 },
      c: { b: 1 },
      a: { partitionValues: ['18446744073709551615', '007', '1.10', 'True', 5, '0x10', '0x10'] },
    });
  });
});
