import type { StagingStore, StateVersion } from '../staging/index.js';
import type { BegunBatch, PublishedLine } from './published-line.js';
import { earlierJoins, printSentJoins, sentJoins } from './sent-joins.js';
import { oldestKept } from './utc-day.js';

export interface RememberJoins {
  readonly store: StagingStore;
  readonly service: string;
  readonly version: StateVersion;
  readonly published: AsyncIterable<PublishedLine>;
  /**
   * Of a run that did not reach its end: the days of the batch that was cut off, which come after what was published.
   * What the catalog has of them is not known any more.
   */
  readonly cutOff?: BegunBatch['days'];
}

/** Keeps for the next run which joins the catalog has of each day. Holds one line of each. Repeatable. */
export async function rememberJoins(input: RememberJoins): Promise<void> {
  const { store, service, version, published, cutOff } = input;
  const address = sentJoins(service);
  const earlier = earlierJoins(await store.state.read(address, version), oldestKept(version.startedAt));
  const lines = async function* (): AsyncGenerator<string> {
    for await (const line of published) {
      if (line.kind !== 'day' || line.joins === undefined) continue;
      for await (const before of earlier.upTo(line)) yield printSentJoins(before);
      await earlier.take(line);
      yield printSentJoins({ day: line.day, fqn: line.fqn, ...line.joins });
    }
    for (const [fqn, day] of cutOff ?? []) {
      for await (const before of earlier.upTo({ day, fqn })) yield printSentJoins(before);
      await earlier.take({ day, fqn });
    }
    for await (const before of earlier.upTo(undefined)) yield printSentJoins(before);
  };
  await store.state.write(address, version, lines());
}
