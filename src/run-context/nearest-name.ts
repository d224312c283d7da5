import { z } from 'zod';
import { JOURNAL } from '../contract/journal.js';
import { isNear, nameDistance } from '../errors/index.js';
import { buildFqn, splitFqn } from '../openmetadata/index.js';
import type { StagingStore } from '../staging/index.js';

/** Number of parts in a table's FQN. */
const TABLE_PARTS = 4;
/** Lines between two signs of life. */
const LINES = 10_000;
const named = z.object({ fqn: z.string() });

/**
 * The nearest name with the same number of parts that the service's last metadata run met, ignoring case; for something
 * below a table, the table if that is known.
 */
export async function nearestName(
  store: StagingStore,
  fqn: string,
  onProgress: () => void
): Promise<string | undefined> {
  const [service = '', ...parts] = splitFqn(fqn);
  const wanted = buildFqn(service, ...parts.slice(0, TABLE_PARTS - 1));
  let best: { readonly name: string; readonly distance: number } | undefined;
  for await (const { lines } of store.state.history({ service, kind: 'metadata', name: JOURNAL })) {
    let read = 0;
    for await (const text of lines) {
      read += 1;
      if (read % LINES === 0) onProgress();
      const { fqn: name } = named.parse(JSON.parse(text));
      if (name === wanted && wanted !== fqn) return name;
      // a name that is much longer or shorter is another one, and computing the exact distance is slow
      if (Math.abs(name.length - wanted.length) >= (best?.distance ?? wanted.length)) continue;
      if (splitFqn(name).length !== splitFqn(wanted).length) continue;
      const distance = nameDistance(wanted, name);
      if (distance < (best?.distance ?? Infinity)) best = { name, distance };
    }
    break;
  }
  const last = splitFqn(wanted).at(-1) ?? '';
  return best !== undefined && isNear(last, best.distance) ? best.name : undefined;
}
