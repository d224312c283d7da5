import { z } from 'zod';
import { listStage, type ManifestEntry, type SliceAddress, type StageRun } from '../staging/index.js';
import { sumOf, uniteParts, type PartSum } from './part-sums.js';
import { sortLines, type Gathered } from './sorted-lines.js';
import { parsedText } from './staged-line.js';
import { partsOf, usagePart, type UsagePart } from './usage-part.js';

/** Parts held before they are spilled, estimated bytes: what aggregating needs of memory. */
const HELD_BYTES = 24 * 1024 * 1024;

/** After the merged line of that key. */
const mergedPosition = z.object({ key: z.string() });
type MergedPosition = z.infer<typeof mergedPosition>;

export interface AggregateInput extends StageRun {
  /** Parsed statements of all slices of the run, in a defined order. */
  readonly chunks: readonly ManifestEntry[];
  /** Where sorted run number `n` is spilled. */
  readonly run: (n: number) => SliceAddress;
  readonly to: SliceAddress;
  /** Sends costs as well (processQueryCostAnalysis). */
  readonly withCosts: boolean;
  /** Called for each spilled chunk. */
  readonly onSpill: () => void;
  /** Called for each merged part, after its line. */
  readonly onPart: (part: UsagePart) => void;
  /** Called once after the last line, before the slice is complete. */
  readonly onEnd: () => void;
  /** Default 24 MiB. */
  readonly heldBytes?: number;
  /** Sorted runs merged at once. Default 24. */
  readonly fanIn?: number;
}

/**
 * Adds up what all parsed statements of a run say: one line per query, table, table and day, and cost, in the order in
 * which they are published. Parts are gathered in memory up to a bound, spilled as sorted runs and merged, so that
 * memory does not grow with the log.
 * @returns the manifest of what is merged
 */
export function aggregateUsage(input: AggregateInput): Promise<readonly ManifestEntry[]> {
  const { store, to, onPart, run, onSpill, fanIn } = input;
  return listStage(input, {
    to,
    work: async (listing) => {
      const sorted = await sortLines<UsagePart, number>({
        ...{ store, run, onSpill, unite: uniteParts },
        // The chunks that are in the runs so far.
        place: z.number().int(),
        line: usagePart,
        gather: (chunks = 0) => gather(input, chunks),
        ...(fanIn === undefined ? {} : { fanIn }),
      });
      const after = listing.after === undefined ? undefined : mergedPosition.parse(listing.after).key;
      for await (const [key, part] of sorted.lines(after)) {
        if (part.kind === 'cost' && part.priced === 0) continue;
        const cursor: MergedPosition = { key };
        const full = listing.add(JSON.stringify([key, part]), { cursor, count: () => onPart(part) });
        if (full !== undefined) await full;
      }
      listing.pass(input.onEnd);
    },
  });
}

/** Parts of the chunks from number `from` on, until they fill the memory that they may take. */
async function gather(
  { store, chunks, withCosts, heldBytes = HELD_BYTES }: AggregateInput,
  from: number
): Promise<Gathered<UsagePart, number>> {
  const sums = new Map<string, PartSum>();
  let bytes = 0;
  let behind = from;
  for (const chunk of chunks.slice(from)) {
    for (const line of await store.read(chunk)) {
      for (const [key, part] of partsOf(parsedText.parse(line), withCosts)) {
        const known = sums.get(key);
        if (known !== undefined) bytes += known.add(part);
        else {
          const begun = sumOf(part);
          sums.set(key, begun.sum);
          bytes += begun.bytes + key.length;
        }
      }
    }
    behind += 1;
    if (bytes >= heldBytes) break;
  }
  const lines = [...sums].sort(([left], [right]) => (left < right ? -1 : 1));
  return {
    lines: lines.map(([key, sum]) => [key, sum.part()]),
    behind,
    end: behind >= chunks.length,
  };
}
