import { z } from 'zod';
import { listStage, type SliceAddress, type StageRun, type StagingStore } from '../staging/index.js';
import { mergeRuns, type Keyed } from './merge-runs.js';

/** Runs merged at once: a chunk of each is held. */
const FAN_IN = 24;

/** What was gathered in one go: sorted by key, each key once. */
export interface Gathered<T, P> {
  readonly lines: readonly Keyed<T>[];
  /** Where gathering resumes after these; plain JSON. */
  readonly behind: P;
  /** There is nothing after these. */
  readonly end: boolean;
}

export interface SortInput<T, P> {
  readonly store: StagingStore;
  /** Where sorted run number `n` is spilled. */
  readonly run: (n: number) => SliceAddress;
  /** Called for each spilled chunk. */
  readonly onSpill: () => void;
  readonly place: z.ZodType<P>;
  readonly line: z.ZodType<T>;
  readonly unite: (left: T, right: T) => T;
  /** As much after that place as fits into memory; the same for every attempt. */
  readonly gather: (after: P | undefined) => Promise<Gathered<T, P>>;
  /** Default 24. */
  readonly fanIn?: number;
}

export interface Sorted<T, P> {
  /** The places after everything that was gathered in one go, in order. */
  readonly places: readonly P[];
  /** All lines in the order of their keys, each key once. @param after only those that come after this key */
  lines(after: string | undefined): AsyncIterable<Keyed<T>>;
}

const mergedPosition = z.object({ key: z.string() });

/**
 * Sorts what does not fit into memory: gathers as much as fits, spills it as a sorted run, and merges the runs. What
 * one go has gathered whole is not spilled. Runs that are staged already are not made again.
 */
export async function sortLines<T, P>(input: SortInput<T, P>): Promise<Sorted<T, P>> {
  const { store, run, gather, line, unite, fanIn = FAN_IN } = input;
  const position = z.object({ key: z.string(), end: z.boolean(), behind: input.place });
  // Nothing is counted with a spilled chunk.
  const spilling: StageRun = { store, takeFacts: () => undefined, onCommit: input.onSpill };
  const runs: SliceAddress[] = [];
  const places: P[] = [];
  for (let end = false; !end;) {
    const to = run(runs.length);
    const manifest = await store.manifest(to);
    const staged = manifest.at(-1)?.position;
    let last = staged === undefined ? undefined : position.parse(staged);
    if (manifest.at(-1)?.last !== true) {
      const gathered = await gather(places.at(-1));
      if (runs.length === 0 && gathered.end)
        return { places: [gathered.behind], lines: (after) => heldLines(gathered.lines, after) };
      const after = last?.key;
      last = { key: '', end: gathered.end, behind: gathered.behind };
      await spill(spilling, to, gathered.lines, after, last);
    }
    runs.push(to);
    if (last === undefined) break;
    places.push(last.behind);
    end = last.end;
  }
  const merged = (of: readonly SliceAddress[], after: string | undefined): AsyncGenerator<Keyed<T>> =>
    mergeRuns({ store, runs: of, line, unite, after });
  for (let n = runs.length; runs.length > fanIn; n += 1) {
    const to = run(n);
    await listStage(spilling, {
      to,
      work: async (listing) => {
        const after = listing.after === undefined ? undefined : mergedPosition.parse(listing.after).key;
        for await (const each of merged(runs.slice(0, fanIn), after))
          await listing.add(JSON.stringify(each), {
            cursor: { key: each[0] } satisfies z.infer<typeof mergedPosition>,
          });
      },
    });
    runs.splice(0, fanIn);
    runs.push(to);
  }
  return { places, lines: (after) => merged(runs, after) };
}

function spill<T>(
  run: StageRun,
  to: SliceAddress,
  lines: readonly Keyed<T>[],
  after: string | undefined,
  position: { readonly end: boolean; readonly behind: unknown }
): Promise<unknown> {
  return listStage(run, {
    to,
    work: async (listing) => {
      for (const [key, value] of lines) {
        if (after !== undefined && key <= after) continue;
        const full = listing.add(JSON.stringify([key, value]), { cursor: { ...position, key } });
        if (full !== undefined) await full;
      }
      // Also where nothing came with a line.
      listing.reach({ ...position, key: lines.at(-1)?.[0] ?? after ?? '' });
    },
  });
}

async function* heldLines<T>(lines: readonly Keyed<T>[], after: string | undefined): AsyncGenerator<Keyed<T>> {
  for (const line of lines) if (after === undefined || line[0] > after) yield line;
}
