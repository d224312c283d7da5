import { expect } from 'chai';
import { networkFault, type LookupFault } from '../../../src/secrets/managers/lookup-failure.js';

describe('a failed look-up of a secret', () => {
  const cases: readonly (readonly [code: string, fault: LookupFault | undefined])[] = [
    ['ENOTFOUND', 'address'],
    ['ERR_INVALID_URL', 'address'],
    ['ENOENT', 'login'],
    ['EACCES', 'login'],
    ['CERT_HAS_EXPIRED', 'other'],
    ['ECONNREFUSED', 'transient'],
    ['EAI_AGAIN', 'transient'],
    ['UND_ERR_CONNECT_TIMEOUT', 'transient'],
    ['SOMETHING_ELSE', undefined],
  ];
  for (const [code, fault] of cases)
    it(`by ${code} is ${fault ?? 'told in its own words'}`, () => {
      const cause = Object.assign(new Error('below'), { code });
      expect(networkFault(new Error('above', { cause }))).to.equal(fault);
    });
});
