import { expect } from 'chai';
import { quotedNames } from '../../../../src/sources/mysql/quoted-name.js';
import { createViewText, mayHaveLostCharacters } from '../../../../src/sources/mysql/view-text.js';

const VIEW = {
  tableName: 'v`1',
  fact: 'view',
  name: 'NONE',
  definer: 'some@body@10.0.0.%',
  security: 'DEFINER',
  algorithm: null,
  body: 'select 1',
} as const;

describe('Text of a MySQL view', () => {
  it('is put together as SHOW CREATE VIEW prints it', () => {
    expect(createViewText('s', VIEW)).to.equal(
      'CREATE DEFINER=`some@body`@`10.0.0.%` SQL SECURITY DEFINER VIEW `s`.`v``1` AS select 1'
    );
    expect(createViewText('s', { ...VIEW, algorithm: 'MERGE', name: 'LOCAL', definer: 'role@' })).to.equal(
      'CREATE ALGORITHM=MERGE DEFINER=`role` SQL SECURITY DEFINER VIEW `s`.`v``1` AS select 1 WITH LOCAL CHECK OPTION'
    );
  });

  it('is absent when the catalogue hides it', () => {
    expect(createViewText('s', { ...VIEW, body: '' })).to.equal(undefined);
    expect(createViewText('s', { ...VIEW, body: null })).to.equal(undefined);
  });

  it('is suspected of lost characters by four question marks only', () => {
    expect(mayHaveLostCharacters("select '???? ok'")).to.equal(true);
    expect(mayHaveLostCharacters("select 'why???'")).to.equal(false);
  });

  it('has names in backquotes, not those inside quotes', () => {
    expect(quotedNames("concat('`no`', `yes`, 'it''s `no`', `also``this`)")).to.deep.equal(['yes', 'also`this']);
  });
});
