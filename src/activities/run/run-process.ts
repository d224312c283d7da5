import { hostname } from 'node:os';

/** This process, as named in the status of a run whose Temporal server is inside it (`run --local`): `host:pid`. */
export const thisProcess = `${hostname()}:${process.pid}`;

/** True for another living process of this host: only that process can ask the Temporal server about its run. */
export function isAliveBesides(name: string): boolean {
  const split = name.lastIndexOf(':');
  const pid = Number(name.slice(split + 1));
  if (name.slice(0, split) !== hostname() || !Number.isInteger(pid) || pid < 1 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // it exists and belongs to someone else
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
