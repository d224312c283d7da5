import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { z } from 'zod';
import { OpenMetadataClient } from '../../../src/openmetadata/index.js';
import { RecordedTransport } from './recorded-transport.js';

const PATH = '/services/ingestionPipelines/logs/shop.p/run-1';
const sent = z.strictObject({
  logs: z.string(),
  timestamp: z.number(),
  connectorId: z.string(),
  compressed: z.boolean(),
  lineCount: z.number(),
});

describe('the log of a run', () => {
  const batchOf = (lines: readonly string[]): { lines: readonly string[]; connectorId: string; timestamp: number } => ({
    lines,
    connectorId: 'worker-1',
    timestamp: 5,
  });

  it('is sent as text, and closed', async () => {
    const transport = new RecordedTransport(() => ({}));
    const { runLogs } = new OpenMetadataClient({ transport });
    expect(await runLogs.append('shop.p', 'run-1', batchOf(['one', 'two']))).to.equal(true);
    expect(await runLogs.close('shop.p', 'run-1')).to.equal(true);
    expect(transport.calls.map(({ method, path }) => `${method} ${path}`)).to.deep.equal([
      `POST ${PATH}`,
      `POST ${PATH}/close`,
    ]);
    expect(transport.calls[0]?.options?.body).to.deep.equal({
      logs: 'one\ntwo\n',
      timestamp: 5,
      connectorId: 'worker-1',
      compressed: false,
      lineCount: 2,
    });
  });

  it('is compressed above 10 KB', async () => {
    const transport = new RecordedTransport(() => ({}));
    const lines = Array.from({ length: 1_000 }, (_, n) => `line ${n} of many`);
    await new OpenMetadataClient({ transport }).runLogs.append('shop.p', 'run-1', batchOf(lines));
    const { logs, compressed, lineCount } = sent.parse(transport.calls[0]?.options?.body);
    expect([compressed, lineCount]).to.deep.equal([true, 1_000]);
    expect(gunzipSync(Buffer.from(logs, 'base64')).toString()).to.equal(`${lines.join('\n')}\n`);
  });

  it('is refused by a server or a pipeline that takes none, without an error', async () => {
    const { runLogs } = new OpenMetadataClient({ transport: new RecordedTransport(() => ({ status: 404 })) });
    expect(await runLogs.append('shop.p', 'run-1', batchOf(['one']))).to.equal(false);
  });
});
