import { expect } from 'chai';
import { PermanentError } from '../../../src/errors/index.js';
import { buildUserAgent, mergeHeaders } from '../../../src/openmetadata/index.js';

describe('the User-Agent', () => {
  const identity = { sourceType: 'mysql', pipelineType: 'metadata', serviceName: 'shop', version: '1.2.3' };

  it('names source, kind, service and version', () => {
    expect(buildUserAgent(identity)).to.equal('mysql_metadata (service: shop; v1.2.3)');
  });

  it('has printable ASCII only and at most 256 characters', () => {
    expect(buildUserAgent({ ...identity, serviceName: 'schöp\n😀' })).to.equal(
      'mysql_metadata (service: sch?p??; v1.2.3)'
    );
    expect(buildUserAgent({ ...identity, serviceName: 'x'.repeat(400) })).to.have.length(256);
  });
});

describe('extraHeaders', () => {
  const own = { Authorization: 'Bearer t', 'User-Agent': 'agent' };

  it('override headers of the same name, whatever the case', () => {
    expect(mergeHeaders(own, { AUTHORIZATION: 'Basic x', 'X-Extra': '1' })).to.deep.equal({
      authorization: 'Basic x',
      'user-agent': 'agent',
      'x-extra': '1',
    });
  });

  it('may repeat other headers by %(Name)s', () => {
    const merged = mergeHeaders(own, {
      'Proxy-Authorization': '%(Authorization)s',
      Authorization: 'Basic via %(user-agent)s',
    });
    expect(merged).to.include({ 'proxy-authorization': 'Bearer t', authorization: 'Basic via agent' });
  });

  it('that refer to an unknown header or cannot be sent are refused without their value', () => {
    expect(() => mergeHeaders(own, { 'X-A': '%(Cookie)s' })).to.throw(
      PermanentError,
      'extraHeaders.X-A refers to the header Cookie'
    );
    expect(() => mergeHeaders(own, { 'X-A': 'secret\nvalue' }))
      .to.throw(PermanentError)
      .with.property('message')
      .that.does.not.include('secret');
    expect(() => mergeHeaders(own, { 'X A': 'v' })).to.throw(PermanentError, 'extraHeaders.X A');
  });
});
