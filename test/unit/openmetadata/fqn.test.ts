import { expect } from 'chai';
import {
  buildFqn,
  columnFqn,
  encodeFqnInPath,
  entityFqn,
  normalizeFqn,
  quoteName,
  restoreName,
  rewriteColumnName,
  rewriteName,
  splitFqn,
} from '../../../src/openmetadata/index.js';

describe('fully qualified names', () => {
  it('quote a part with a dot and no other', () => {
    expect(buildFqn('shop', 'a.b', 'c d')).to.equal('shop."a.b".c d');
    expect(quoteName('"plain"')).to.equal('plain');
    expect(quoteName('"a.b"')).to.equal('"a.b"');
  });

  it('refuse a part with a double quote inside and an empty part', () => {
    expect(() => buildFqn('shop', 'a"b')).to.throw('a"b has a double quote inside');
    expect(() => buildFqn('shop', '')).to.throw('is empty');
  });

  it('come apart into the parts they were made of', () => {
    for (const parts of [['shop'], ['a.b', 'c'], ['a', '.', 'b'], ['ü', '表.x', "o'c"], ['a', 'b.c', 'd.e.f']]) {
      expect(splitFqn(buildFqn(...parts))).to.deep.equal(parts);
    }
  });

  it('that are malformed are refused, naming the text', () => {
    for (const bad of ['', '.', 'a.', '.a', 'a..b', '"a', 'a"b".c', '"a"b', '"".a']) {
      expect(() => splitFqn(bad), bad).to.throw('is not a fully qualified name');
    }
  });

  it('are the same when they differ in quoting only', () => {
    expect(normalizeFqn('"shop"."db".t')).to.equal('shop.db.t');
    expect(normalizeFqn('no "fqn"')).to.equal('no "fqn"');
  });

  it('are percent-encoded whole in a path', () => {
    expect(encodeFqnInPath('"a.b".c')).to.equal('%22a.b%22.c');
    expect(encodeFqnInPath("x/y?z#%(a)!*'é")).to.equal('x%2Fy%3Fz%23%25%28a%29%21%2A%27%C3%A9');
    expect(encodeFqnInPath('half\ud800')).to.equal('half%EF%BF%BD');
  });
});

describe('names that OpenMetadata cannot store', () => {
  const awkward = 'a::b>c"d\ne\rf\tg';

  it('are rewritten and come back', () => {
    const stored = rewriteName(awkward);
    expect(stored).to.equal(
      'a__reserved__colon__b__reserved__arrow__c__reserved__quote__d__reserved__newline__e__reserved__carriage_return__f__reserved__tab__g'
    );
    expect(restoreName(stored)).to.equal(awkward);
  });

  it('are rewritten below the service, whose own name stays', () => {
    expect(entityFqn('a>b', 'db', 'x"y.z')).to.equal('a>b.db."x__reserved__quote__y.z"');
    expect(columnFqn('s.d.c.t', 'outer', 'in.ner')).to.equal('s.d.c.t.outer."in.ner"');
  });

  it('become one space when a column has no name', () => {
    expect(rewriteColumnName('')).to.equal(' ');
    expect(columnFqn('s.d.c.t', '')).to.equal('s.d.c.t. ');
  });
});
