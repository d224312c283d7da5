import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { parse } from 'yaml';
import {
  createClient,
  readTemporalSettings,
  RecipeError,
  RecipeRefusedError,
  RunFailedError,
  type IngestionClient,
  type RunReport,
} from '../../../src/index.js';
import { EncryptionKeys, KEYS_VARIABLE } from '../../../src/secrets/index.js';
import { environmentConverter } from '../../../src/worker/encrypting-codec.js';
import { startCli, type CliProcess } from '../../services/cli.js';
import { startIngestion, type Ingestion } from '../../services/ingestion.js';
import { decoded, formsOf, historyOf } from '../../services/secret-search.js';

const key = (letter: string): string => `${letter}:${Buffer.alloc(32, letter).toString('base64')}`;
/** No server takes it. */
const WRONG_TOKEN = `eyJhbGciOiJIUzI1NiJ9.${Buffer.from('{"sub":"sentinel-token","isBot":true}').toString('base64url')}.c2VudGluZWw`;
/** What a history of an unencrypted run is full of. */
const READABLE = ['quickstart_shop', 'pipelineRunId', 'records', 'OpenMetadata', 'RecipeError:', 'recipe'];

describe('Encrypted payloads', function () {
  this.timeout(240_000);
  let ingestion: Ingestion;
  let worker: CliProcess;
  const clients: IngestionClient[] = [];

  before(async () => {
    ingestion = await startIngestion({ env: { [KEYS_VARIABLE]: key('a') } });
    worker = await ingestion.startWorker();
  });
  after(async () => {
    for (const client of clients) await client.close();
    await ingestion.stop();
  });

  async function client(
    keys: string | undefined,
    queue = ingestion.env['OM_INGEST_TASK_QUEUE']
  ): Promise<IngestionClient> {
    const made = await createClient({
      settings: readTemporalSettings({ TEMPORAL_ADDRESS: ingestion.address }),
      dataConverter: environmentConverter(EncryptionKeys.fromEnvironment({ [KEYS_VARIABLE]: keys })),
      ...(queue === undefined ? {} : { taskQueue: queue }),
    });
    clients.push(made);
    return made;
  }
  /** The quickstart's recipe with a token in plain text. */
  function recipe(token = ingestion.catalog.token, hostPort = ingestion.catalog.hostPort): unknown {
    const text = readFileSync('recipes/quickstart/metadata.yaml', 'utf8')
      .replace(/jwtToken: .*/, `jwtToken: ${token}`)
      .replace(/hostPort: .*/, `hostPort: ${hostPort}`);
    return parse(text);
  }
  async function readableIn(workflowId: string): Promise<string[]> {
    const history = await historyOf(workflowId, ingestion.address);
    const text = `${history}\n${decoded(history)}`;
    const secrets = [ingestion.catalog.token, WRONG_TOKEN].flatMap(formsOf);
    return [...READABLE, ...secrets].filter((word) => text.includes(word));
  }
  const failureOf = (run: Promise<RunReport>): Promise<unknown> => run.catch((error: unknown) => error);

  it('run an inline recipe with a secret in plain text, of which nothing is readable in the history', async () => {
    const run = await (await client(key('a'))).start({ recipe: recipe() }, { workflowId: 'encrypted' });
    expect(await run.wait()).to.include({ state: 'success', service: 'quickstart_shop' });
    expect(await readableIn('encrypted')).to.deep.equal([]);
  });

  it('hide what failures say as well, in activities and in the workflow; whoever has the key reads it', async () => {
    const encrypting = await client(key('a'));
    const refused = await encrypting.start({ recipe: recipe(WRONG_TOKEN) }, { workflowId: 'encrypted-refused' });
    expect(await failureOf(refused.wait()))
      .to.be.instanceOf(RunFailedError)
      .with.property('message')
      .that.includes('401');
    const input = { taskQueue: encrypting.taskQueue, workflowId: 'encrypted-input', args: [{ recipePaht: 'a.yaml' }] };
    await encrypting.temporal.workflow.start('metadataWorkflow', input);
    const mistyped = await failureOf(encrypting.attach('encrypted-input').wait());
    expect(mistyped).to.be.instanceOf(RecipeRefusedError).with.property('message').that.includes('unknown key');
    expect(await readableIn('encrypted-refused')).to.deep.equal([]);
    expect(await readableIn('encrypted-input')).to.deep.equal([]);
    // it would be found: the same history read with the key
    const { events } = await encrypting.temporal.workflow.getHandle('encrypted-refused').fetchHistory();
    expect(JSON.stringify(events)).to.include('Encoded failure');
  });

  it('hide why a run waits from those without the key', async () => {
    const encrypting = await client(key('a'));
    const run = await encrypting.start(
      { recipe: recipe('x.y.z', 'http://127.0.0.1:1/api') },
      { workflowId: 'encrypted-waits' }
    );
    let { waits } = await run.describe();
    for (; waits.length === 0; { waits } = await run.describe()) await sleep(100);
    expect(waits[0]?.reason).to.include('127.0.0.1:1');
    const blind = await (await client(undefined)).attach('encrypted-waits').describe();
    expect(blind.waits[0]?.reason).to.include(`the key a, which this process doesn't have`);
    await run.cancel();
  });

  it('refuse a secret in plain text that Temporal stores in clear, whoever started the run so', async () => {
    const plain = await client(undefined);
    await expectRefusal(() => plain.start({ recipe: recipe() }, { workflowId: 'clear-checked' }));
    const input = { taskQueue: plain.taskQueue, workflowId: 'clear', args: [{ recipe: recipe(WRONG_TOKEN) }] };
    await plain.temporal.workflow.start('metadataWorkflow', input);
    const error = await failureOf((await client(key('a'))).attach('clear').wait());
    expect(error).to.be.instanceOf(RecipeRefusedError);
    expect(String(error)).to.include('an input that Temporal stores as it is').and.not.include(WRONG_TOKEN);
  });

  it('survive a change of keys: older runs are read, newer ones are encrypted by the new key', async () => {
    const queue = `${ingestion.env['OM_INGEST_TASK_QUEUE']}-rotated`;
    const env = { ...ingestion.env, OM_INGEST_TASK_QUEUE: queue, [KEYS_VARIABLE]: `${key('b')},${key('a')}` };
    const rotated = startCli(['worker'], { env, cwd: ingestion.folder });
    try {
      await rotated.until('worker is ready');
      const old = await (await client(key('a'), queue)).start({ recipe: recipe() }, { workflowId: 'rotated-old' });
      expect(await (await client(env[KEYS_VARIABLE], queue)).attach('rotated-old').wait()).to.include({
        state: 'success',
      });
      expect(String(await failureOf(old.wait()))).to.include('encrypted by the key b');
      const onlyNew = await failureOf((await client(key('b'), queue)).attach('encrypted').wait());
      expect(String(onlyNew)).to.include('encrypted by the key a');
    } finally {
      rotated.child.kill('SIGTERM');
      await rotated.ended;
    }
  });

  it('are said to be so by a worker without the key; one that has it takes the run over', async () => {
    const queue = `${ingestion.env['OM_INGEST_TASK_QUEUE']}-keyless`;
    const env = { ...ingestion.env, OM_INGEST_TASK_QUEUE: queue };
    const keyless = startCli(['worker'], { env: { ...env, [KEYS_VARIABLE]: '' }, cwd: ingestion.folder });
    await keyless.until('worker is ready');
    const encrypting = await client(key('a'), queue);
    // a task that a worker could not read is given out again after its time-out
    const input = { taskQueue: queue, workflowId: 'keyless', args: [{ recipe: recipe() }] };
    await encrypting.temporal.workflow.start('metadataWorkflow', { ...input, workflowTaskTimeout: '1s' });
    await keyless.until(`encrypted by the key a, which this process doesn't have (${KEYS_VARIABLE} is not set)`);
    keyless.child.kill('SIGTERM');
    await keyless.ended;
    const able = startCli(['worker'], { env, cwd: ingestion.folder });
    try {
      expect(await encrypting.attach('keyless').wait()).to.include({ state: 'success' });
    } finally {
      able.child.kill('SIGTERM');
      await able.ended;
    }
  });

  it('leave no secret in the log of the worker', async () => {
    worker.child.kill('SIGTERM');
    const { stdout, stderr } = await worker.ended;
    const secrets = [ingestion.catalog.token, WRONG_TOKEN, key('a').slice(2)].flatMap(formsOf);
    expect(secrets.filter((form) => (stdout + stderr).includes(form))).to.deep.equal([]);
  });
});

async function expectRefusal(start: () => Promise<unknown>): Promise<void> {
  const error = await start().catch((reason: unknown) => reason);
  expect(error).to.be.instanceOf(RecipeError).with.property('message').that.includes('a secret in plain text');
}
