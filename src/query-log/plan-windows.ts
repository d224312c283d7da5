import { z } from 'zod';
import type { LogWindow } from '../sources/index.js';
import {
  listStage,
  type ManifestEntry,
  type SliceAddress,
  type StageRun,
  type StagingStore,
} from '../staging/index.js';

/** One line per window, in order. */
const windowLine = z.object({ from: z.number(), to: z.number(), log: z.string() });

export interface PlanWindowsInput extends StageRun {
  /** Called once, when there is no plan yet. */
  readonly windows: () => Promise<readonly LogWindow[]>;
  readonly to: SliceAddress;
}

/**
 * Stages the windows that a query log is read in.
 * @returns the manifest of the plan
 */
export function planWindows(input: PlanWindowsInput): Promise<readonly ManifestEntry[]> {
  return listStage(input, {
    to: input.to,
    keyOf: (line) => line.toString(),
    work: async (listing) => {
      for (const { from, to, log } of await input.windows()) {
        const line = JSON.stringify({ from, to, log });
        await listing.add(line, { key: line });
      }
    },
  });
}

/** The windows of a plan, in order. */
export async function readWindows(store: StagingStore, plan: SliceAddress): Promise<readonly LogWindow[]> {
  const windows: LogWindow[] = [];
  for (const entry of await store.manifest(plan))
    for (const value of await store.read(entry)) windows.push(windowLine.parse(value));
  return windows;
}
