import { z } from 'zod';
import {
  listStage,
  type ManifestEntry,
  type SliceAddress,
  type StageRun,
  type StagingStore,
} from '../staging/index.js';
import { mergeRuns } from './merge-runs.js';
import { parsedText } from './staged-line.js';
import { partsOf, uniteParts, type UsagePart } from './usage-part.js';

/** Parts held before they are spilled, estimated bytes: what aggregating needs of memory. */
const HELD_BYTES = 24 * 1024 * 1024;
const PART_BYTES = 500;
const MEMBER_BYTES = 80;

/** Behind the line of that key; `chunks` of the input are in the runs up to this one; `end`: they are all there are. */
const runPosition = z.object({ key: z.string(), chunks: z.number().int(), end: z.boolean() });
type RunPosition = z.infer<typeof runPosition>;

/** Behind the merged line of that key. */
const mergedPosition = z.object({ key: z.string() });
type MergedPosition = z.infer<typeof mergedPosition>;

export interface AggregateInput extends StageRun {
  /** Parsed texts of all slices of the run, in a defined order. */
  readonly chunks: readonly ManifestEntry[];
  /** Where sorted run number `n` is spilled. */
  readonly run: (n: number) => SliceAddress;
  readonly to: SliceAddress;
  /** Sends costs as well (processQueryCostAnalysis). */
  readonly withCosts: boolean;
  /** Called for each spilled chunk. */
  readonly onSpill: () => void;
  /** Called for each merged part, behind its line. */
  readonly onPart: (part: UsagePart) => void;
  /** Called once behind the last line, before the slice is complete. */
  readonly onEnd: () => void;
  /** Default 24 MiB. */
  readonly heldBytes?: number;
}

/**
 * Adds up what all parsed texts of a run say, one line a query, a table, a table's day and a cost, in the order they are published in. Parts
 * are gathered in memory up to a bound, spilled as sorted runs and merged, so that memory does not grow with the log.
 * @returns the manifest of what is merged
 */
export function aggregateUsage(input: AggregateInput): Promise<readonly ManifestEntry[]> {
  const { store, to, onPart } = input;
  return listStage(input, {
    to,
    work: async (listing) => {
      const runs = await spillRuns(input);
      const after = listing.after === undefined ? undefined : mergedPosition.parse(listing.after).key;
      for await (const [key, part] of mergeRuns(store, runs, after)) {
        const cursor: MergedPosition = { key };
        await listing.add(JSON.stringify([key, part]), { cursor, count: () => onPart(part) });
      }
      listing.pass(input.onEnd);
    },
  });
}

/** The sorted runs of the whole input; those that are staged already are not made again. */
async function spillRuns(input: AggregateInput): Promise<readonly SliceAddress[]> {
  const { store, chunks, run, onSpill } = input;
  const runs: SliceAddress[] = [];
  // Counted with the merged parts only.
  const spilling: StageRun = { store, takeFacts: () => undefined, onCommit: onSpill };
  for (let from = 0; ;) {
    const to = run(runs.length);
    runs.push(to);
    const [start, staged] = [from, await lastOf(store, to)];
    let position = staged;
    await listStage(spilling, {
      to,
      work: async (listing) => {
        const gathered = await gather(input, start);
        position = { key: '', chunks: gathered.chunks, end: gathered.chunks >= chunks.length };
        for (const [key, part] of gathered.parts) {
          if (staged !== undefined && key <= staged.key) continue;
          await listing.add(JSON.stringify([key, part]), { cursor: { ...position, key } satisfies RunPosition });
        }
      },
    });
    if (position === undefined || position.end) return runs;
    from = position.chunks;
  }
}

async function lastOf(store: StagingStore, to: SliceAddress): Promise<RunPosition | undefined> {
  const position = (await store.manifest(to)).at(-1)?.position;
  return position === undefined ? undefined : runPosition.parse(position);
}

/** Parts of the chunks from number `from` on, until they fill the memory that they may take; sorted by key. */
async function gather(
  { store, chunks, withCosts, heldBytes = HELD_BYTES }: AggregateInput,
  from: number
): Promise<{ readonly parts: [string, UsagePart][]; readonly chunks: number }> {
  const parts = new Map<string, UsagePart>();
  let bytes = 0;
  let read = from;
  for (const chunk of chunks.slice(from)) {
    for (const line of await store.read(chunk)) {
      for (const [key, part] of partsOf(parsedText.parse(line), withCosts)) {
        const known = parts.get(key);
        parts.set(key, known === undefined ? part : uniteParts(known, part));
        if (known === undefined) bytes += PART_BYTES + key.length;
        bytes += MEMBER_BYTES * membersOf(part) + (known === undefined ? textBytes(part) : 0);
      }
    }
    read += 1;
    if (bytes >= heldBytes) break;
  }
  return { parts: [...parts].sort(([left], [right]) => (left < right ? -1 : 1)), chunks: read };
}

/** What may make a part grow; most of it is there already, so that this is too much rather than too little. */
function membersOf(part: UsagePart): number {
  switch (part.kind) {
    case 'query':
      return part.tables.length + part.users.length;
    case 'day':
      return part.joins.length;
    case 'table':
    case 'cost':
      return 0;
  }
}

function textBytes(part: UsagePart): number {
  return part.kind === 'query' ? 2 * part.text.length : 0;
}
