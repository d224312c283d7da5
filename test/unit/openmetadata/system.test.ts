import { expect } from 'chai';
import { PermanentError } from '../../../src/errors/index.js';
import { OpenMetadataClient } from '../../../src/openmetadata/index.js';
import { RecordedTransport } from './recorded-transport.js';
import { errorOf } from './transport-under-test.js';

const ask = (answer: object): Promise<object> =>
  new OpenMetadataClient({ transport: new RecordedTransport(() => answer) }).system.version();

describe("the server's version", () => {
  it('1.13.x, 2.0.x and 2.1.x are fine', async () => {
    for (const version of ['1.13.4', '2.1.0.0']) expect(await ask({ body: { version } })).to.deep.equal({ version });
    expect(await ask({ body: { version: '2.0.7.0', revision: 'x' } })).to.deep.equal({ version: '2.0.7.0' });
    expect(await ask({ body: { version: '2.0.0-SNAPSHOT' } })).to.deep.equal({ version: '2.0.0-SNAPSHOT' });
  });

  it('of another line gives a warning that names it and the tested ones', async () => {
    for (const version of ['1.12.3', '1.130.0', '2.2.0', '20.0.1', '3.0']) {
      expect(await ask({ body: { version } }))
        .to.have.property('warning')
        .that.includes(version)
        .and.includes('1.13.x, 2.0.x, and 2.1.x');
    }
    expect(await ask({ body: { version: 'latest' } }))
      .to.have.property('warning')
      .that.includes("isn't a version number");
  });

  it('that is missing, or a server without that endpoint, is an error with a mend', async () => {
    const missing = await errorOf(ask({ body: { status: 'ok' } }), PermanentError);
    expect(missing.describe()).to.include('has no "version"').and.to.include('hostPort');
    const other = await errorOf(ask({ status: 404 }), PermanentError);
    expect(other.describe()).to.include('it is no OpenMetadata').and.to.include('hostPort');
    expect((await errorOf(ask({}), PermanentError)).message).to.include('has no "version"');
  });
});
