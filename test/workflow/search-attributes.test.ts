import { Connection, Client, type WorkflowExecutionDescription } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { expect } from 'chai';
import { startWithAttributes } from '../../src/client/start-with-attributes.js';
import { SEARCH_ATTRIBUTE_NAMES, attributePairs } from '../../src/workflows/search-attributes.js';
import { sharedTemporal, startTemporal, type TestTemporal } from '../services/temporal.js';
import { scriptedRun, type Script } from './scripted-run.js';

const PLAN = { service: 'shop', ingestionPipelineFQN: 'shop.metadata', searchAttributes: true };
const QUEUED = attributePairs({ service: 'shop', workflow: 'metadata', state: 'queued' });

describe('Search attributes of a run', () => {
  let temporal: TestTemporal;

  before(async () => {
    const searchAttributes = Object.fromEntries(SEARCH_ATTRIBUTE_NAMES.map((name) => [name, 'Keyword']));
    temporal = await startTemporal({ searchAttributes });
  });
  after(() => temporal.stop());

  const attributesAfter = (script: Script): Promise<Record<string, unknown>> =>
    scriptedRun({ address: temporal.address, ...script }, async ({ handle }) => {
      await handle.result().catch(() => undefined);
      return ownAttributes(await handle.describe());
    });

  it('are set by a run that was started without them, as from the Temporal UI', async () => {
    expect(await attributesAfter({ plan: PLAN })).to.deep.equal({
      OmService: 'shop',
      OmPipeline: 'shop.metadata',
      OmWorkflow: 'metadata',
      OmState: 'success',
    });
  });

  it('say running while it runs', async () => {
    let during: Record<string, unknown> = {};
    await scriptedRun(
      {
        address: temporal.address,
        plan: PLAN,
        activities: () => ({
          finishRun: async () => {
            throw ApplicationFailure.nonRetryable('never mind');
          },
        }),
      },
      async ({ handle, calls }) => {
        while (!calls.includes('listScopes')) await new Promise((resolve) => setTimeout(resolve, 10));
        during = ownAttributes(await handle.describe());
        await handle.result().catch(() => undefined);
      }
    );
    expect(during).to.include({ OmState: 'running' });
  });

  it('say failed when it was started with them and its input is refused', async () => {
    const input = { recipePath: 'shop.yaml', asOf: 'tomorrow' };
    expect(await attributesAfter({ attributes: QUEUED, input })).to.include({ OmService: 'shop', OmState: 'failed' });
  });

  it('say failed when it fails', async () => {
    const activities: Script['activities'] = () => ({
      publishUnit: async () => {
        throw ApplicationFailure.create({ type: 'PermanentError', nonRetryable: true, message: 'refused' });
      },
    });
    expect(await attributesAfter({ plan: PLAN, activities })).to.include({ OmState: 'failed' });
  });

  it('say stopped when it is cancelled', async () => {
    const plan = { ...PLAN, storeTimeoutMs: 300 };
    const script: Script = { address: temporal.address, plan, attributes: QUEUED, storeWorker: false };
    const attributes = await scriptedRun(script, async ({ handle }) => {
      await handle.cancel();
      await handle.result().catch(() => undefined);
      return ownAttributes(await handle.describe());
    });
    expect(attributes).to.include({ OmState: 'stopped' });
  });

  it('are left alone when the plan does not know them', async () => {
    expect(await attributesAfter({ address: (await sharedTemporal()).address })).to.deep.equal({});
  });

  it('do not keep a run from starting where a frontend has not heard of them yet', async () => {
    const { address } = await sharedTemporal();
    const client = new Client({ connection: await Connection.connect({ address }) });
    try {
      const described = { workflowType: 'metadataWorkflow', attributes: { service: 'shop', workflow: 'metadata' } };
      const options = { workflowId: 'without-attributes', taskQueue: 'nobody', args: [{}] };
      const handle = await startWithAttributes(client, true, described, options);
      expect(ownAttributes(await handle.describe())).to.deep.equal({});
      await handle.terminate();
    } finally {
      await client.connection.close();
    }
  });
});

function ownAttributes({ typedSearchAttributes }: WorkflowExecutionDescription): Record<string, unknown> {
  const own = typedSearchAttributes.getAll().filter(({ key }) => SEARCH_ATTRIBUTE_NAMES.includes(key.name));
  return Object.fromEntries(own.map(({ key, value }) => [key.name, value]));
}
