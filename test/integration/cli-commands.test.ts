import { expect } from 'chai';
import { startCli } from '../services/cli.js';
import { startIngestion, type Ingestion } from '../services/ingestion.js';
import { startTemporal, type TestTemporal } from '../services/temporal.js';

/** Each command once as a process, as users start it; what it says is tested inside the tests' own process. */
const COMMANDS: Readonly<Record<string, RegExp>> = {
  '--version': /^\d+\.\d+\.\d+\n$/,
  'validate recipes/shop.yaml': /shop\.yaml/,
  'check recipes/shop.yaml': /ok +token: accepted/,
  'plan recipes/shop.yaml': /shop/,
  setup: /OmService/,
  'run shop.yaml --id smoke': /metadataWorkflow of quickstart_shop: success/,
  'status smoke': /^smoke: metadataWorkflow completed/,
  'cancel smoke': /^smoke is over already/,
  'schedule apply shop.yaml --cron 0_3_*_*_*': /created/,
  'schedule list': /om-quickstart_shop\.metadata/,
};

describe('Every command of om-ingest, as a process', () => {
  let ingestion: Ingestion;
  let temporal: TestTemporal;

  before(async () => {
    // a server of its own: search attributes stay registered
    temporal = await startTemporal();
    ingestion = await startIngestion({ address: temporal.address });
    await ingestion.startWorker();
  });
  after(async () => {
    await ingestion.stop();
    await temporal.stop();
  });

  for (const [line, shows] of Object.entries(COMMANDS)) {
    it(line, async () => {
      const args = line.split(' ').map((word) => word.replaceAll('_', ' '));
      const { code, stdout, stderr } = await startCli(args, { env: ingestion.env, cwd: ingestion.folder }).ended;
      expect(stdout + stderr).to.match(shows);
      expect(code, stderr).to.equal(line.startsWith('cancel') ? 2 : 0);
    });
  }
});
