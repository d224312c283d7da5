import { expect } from 'chai';
import { z } from 'zod';
import { secretKeysOf, secretLeaf } from '../../../src/secrets/index.js';
import { connectionSecretKeys, registerSources } from '../../../src/sources/index.js';
import memo from '../../connectors/memo.js';

describe('The secret keys of a model', () => {
  it('are those of its secret leaves at any depth, through lists, unions and what is optional', () => {
    const model = z.object({
      user: z.string(),
      pin: secretLeaf(),
      inner: z.exactOptional(z.array(z.object({ key: z.exactOptional(secretLeaf()) }))),
      way: z.union([z.object({ token: secretLeaf() }), z.object({ path: z.string() })]),
    });
    expect([...secretKeysOf(model)].sort()).to.deep.equal(['key', 'pin', 'token']);
    expect([...secretKeysOf(memo.connection)]).to.deep.equal(['vaultPin']);
  });

  it('are known of every connector', () => {
    expect([...connectionSecretKeys()]).to.include.members(['password', 'privateKey', 'snowflakePrivatekeyPassphrase']);
  });
});

describe('A connector from elsewhere', () => {
  it('is refused when its type is taken or is no type', () => {
    expect(() => registerSources([{ ...memo, type: 'mysql' }])).to.throw(/there is another one of this type/);
    expect(() => registerSources([{ ...memo, type: 'Memo' }])).to.throw(/lower-case/);
    expect(() => registerSources([{ ...memo, type: 'memo-lineage' }])).to.throw(/suffix of a workflow kind/);
  });
});
