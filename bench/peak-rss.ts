import { readFileSync } from 'node:fs';

/** Highest resident memory of a process so far, MiB. */
export function peakRss(pid: number): number {
  const kibibytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0';
  return Math.round(Number(kibibytes) / 1024);
}
