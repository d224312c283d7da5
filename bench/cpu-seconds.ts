import { readFileSync } from 'node:fs';

/** Of Linux, whatever the processor. */
const TICKS_PER_SECOND = 100;

/** Processor time that a process has taken so far, all of its threads together, seconds. */
export function cpuSeconds(pid: number): number {
  // Behind the name, which may hold anything: utime and stime are the 12th and 13th.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
