/**
 * Measures the event loop of a process that loads it first, `NODE_OPTIONS=--import …`: on SIGWINCH it writes the delay
 * since the last one, milliseconds, into the file named by EVENT_LOOP_DELAY_FILE, and begins anew. The delay of a loop
 * that is idle is 0. (A worker ends on SIGUSR2.)
 */
import { renameSync, writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

const RESOLUTION_MS = 5;
const file = process.env['EVENT_LOOP_DELAY_FILE'];

if (isMainThread && file !== undefined) {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  // The histogram counts the time from one tick to the next, in nanoseconds.
  const delay = (nanoseconds: number): number => Math.max(0, Math.round(nanoseconds / 1e5 - RESOLUTION_MS * 10) / 10);
  process.on('SIGWINCH', () => {
    const figures = {
      p50: delay(histogram.percentile(50)),
      p99: delay(histogram.percentile(99)),
      max: delay(histogram.max),
    };
    histogram.reset();
    writeFileSync(`${file}.new`, JSON.stringify(figures));
    renameSync(`${file}.new`, file);
  });
}
