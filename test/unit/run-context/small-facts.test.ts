import { expect } from 'chai';
import { z } from 'zod';
import { OpenMetadataClient } from '../../../src/openmetadata/index.js';
import {
  earlierFact,
  factsForStatus,
  readEarlierFacts,
  stageEarlierFacts,
  stageFact,
} from '../../../src/run-context/index.js';
import { temporaryStore, type TemporaryStore } from '../metadata/temporary-store.js';
import { RecordedTransport } from '../openmetadata/recorded-transport.js';

const SIGNAL = new AbortController().signal;
const THIS_RUN = { pipelineRunId: 'now', startedAt: 1_800_000_000_000 };
const days = z.object({ days: z.array(z.string()) });

const status = (runId: string, startDate: number, metadata?: unknown): unknown => ({
  runId,
  pipelineState: 'success',
  startDate,
  metadata,
});
const facts = (value: unknown): unknown => ({ 'om-ingest': { version: 1, facts: { usage: value } } });

describe('Small facts of a pipeline', () => {
  let temporary: TemporaryStore;
  beforeEach(async () => {
    temporary = await temporaryStore();
  });
  afterEach(() => temporary.remove());

  const read = (...statuses: unknown[]): Promise<unknown> => {
    const transport = new RecordedTransport(() => ({ body: { data: statuses } }));
    return readEarlierFacts(new OpenMetadataClient({ transport }), 'shop.p', THIS_RUN, SIGNAL);
  };

  it('are those of the newest run that left any', async () => {
    const found = await read(
      status('now', 5, { workflowId: 'w' }),
      status('crashed', 4, { workflowId: 'w' }),
      status('older', 2, facts('old')),
      status('newer', 3, facts('new'))
    );
    expect(found).to.deep.equal({ usage: 'new' });
  });

  it('are those of this run where it said some before its staging store was lost', async () => {
    const found = await read(status('newer', 6, facts('new')), status('now', 5, facts('own')));
    expect(found).to.deep.equal({ usage: 'own' });
  });

  it('of another version are not read', async () => {
    expect(await read(status('a', 3, { 'om-ingest': { version: 2, facts: { usage: 'x' } } }))).to.deep.equal({});
  });

  it('are looked for further back when the last days have none, and not at all without a pipeline', async () => {
    const transport = new RecordedTransport((_, turn) => ({
      body: { data: turn === 0 ? [] : [status('a', 3, facts('old'))] },
    }));
    const client = new OpenMetadataClient({ transport });
    expect(await readEarlierFacts(client, 'shop.p', THIS_RUN, SIGNAL)).to.deep.equal({ usage: 'old' });
    expect(await readEarlierFacts(client, undefined, THIS_RUN, SIGNAL)).to.deep.equal({});
    expect(transport.calls).to.have.length(2);
  });

  it('are handed to the stages, undefined where absent or of another shape', async () => {
    const { store } = temporary;
    await stageEarlierFacts(store, 'run', { usage: { days: ['2026-01-01'] }, budget: 3 });
    expect(await earlierFact(store, 'run', 'usage', days)).to.deep.equal({ days: ['2026-01-01'] });
    expect(await earlierFact(store, 'run', 'budget', days)).to.equal(undefined);
    expect(await earlierFact(store, 'run', 'standing', days)).to.equal(undefined);
    expect(await earlierFact(store, 'older-run', 'usage', days)).to.equal(undefined);
  });

  it('that a run stages replace those of their name, the last one counts, the others stay', async () => {
    const { store } = temporary;
    await stageEarlierFacts(store, 'run', { usage: 'old', standing: 'old' });
    await stageFact(store, 'run', 'usage', 'first attempt');
    await stageFact(store, 'run', 'usage', 'second attempt');
    expect(await factsForStatus(store, 'run')).to.deep.equal({
      'om-ingest': { version: 1, facts: { usage: 'second attempt', standing: 'old' } },
    });
  });

  it('that two attempts stage at the same moment cost neither of them its life', async () => {
    const { store } = temporary;
    const attempts = ['a', 'b', 'c', 'd'];
    await Promise.all(attempts.map(async (each) => stageEarlierFacts(store, 'run', { usage: each })));
    await Promise.all(attempts.map(async (each) => stageFact(store, 'run', 'standing', each)));
    expect(await store.manifest({ run: 'run', stage: 'facts', slice: 'standing' })).to.have.length(4);
    expect(attempts).to.include(await earlierFact(store, 'run', 'usage', z.string()));
  });

  it('are at most 8 KiB: one that is larger is refused, the largest goes when all together are', async () => {
    const { store } = temporary;
    const refused = await stageFact(store, 'run', 'usage', 'x'.repeat(9_000)).catch((error: unknown) => error);
    expect(String(refused)).to.include('at most 8192 are kept');
    await stageFact(store, 'run', 'usage', 'x'.repeat(5_000));
    await stageFact(store, 'run', 'standing', 'y'.repeat(4_000));
    const left = z.object({ 'om-ingest': z.object({ facts: z.record(z.string(), z.string()) }) });
    expect(left.parse(await factsForStatus(store, 'run'))['om-ingest'].facts).to.have.keys('standing');
  });
});
