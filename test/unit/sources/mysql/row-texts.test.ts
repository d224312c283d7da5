import { expect } from 'chai';
import { tables } from '../../../../src/sources/mysql/queries.js';
import { rowTexts } from '../../../../src/sources/mysql/row-texts.js';

describe('Rows of a MySQL server that keeps texts as bytes', () => {
  it('have strings, and everything else as it is', () => {
    const row = { tableName: Buffer.from('täble'), tableType: 'BASE TABLE', engine: null, comment: '' };
    const read = rowTexts(row);
    expect(read).to.deep.equal({ tableName: 'täble', tableType: 'BASE TABLE', engine: null, comment: '' });
    expect(tables('s', { after: '' }).row.parse(read)).to.deep.equal(read);
    expect(rowTexts(null)).to.equal(null);
  });
});
