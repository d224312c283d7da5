import { existsSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const delays = z.object({ p50: z.number(), p99: z.number(), max: z.number() });

/** Milliseconds. */
export type LoopDelay = z.infer<typeof delays>;

/** The environment of a process whose event loop is measured. @param file absolute, for `readLoopDelay` */
export function measuredLoop(file: string): Readonly<Record<string, string>> {
  const monitor = fileURLToPath(new URL('event-loop-delay.js', import.meta.url));
  return { NODE_OPTIONS: `--import ${monitor}`, EVENT_LOOP_DELAY_FILE: file };
}

/** The delay of that process's event loop since the last call. @throws Error when it doesn't tell for 30 s */
export async function readLoopDelay(pid: number, file: string): Promise<LoopDelay> {
  rmSync(file, { force: true });
  process.kill(pid, 'SIGWINCH');
  for (const end = Date.now() + 30_000; Date.now() < end; await sleep(20))
    if (existsSync(file)) return delays.parse(JSON.parse(readFileSync(file, 'utf8')));
  throw new Error('the worker does not tell its event loop delay');
}
