import { hostname } from 'node:os';

/**
 * This process, as the status of a run names it whose Temporal server lives and dies with it (`run --local`):
 * `host:pid`.
 */
export const thisProcess = `${hostname()}:${process.pid}`;

/** True for another process of this host that is alive: nobody but itself can ask the Temporal server of its run. */
export function isAliveBesides(name: string): boolean {
  const split = name.lastIndexOf(':');
  const pid = Number(name.slice(split + 1));
  if (name.slice(0, split) !== hostname() || !Number.isInteger(pid) || pid < 1 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there and belongs to someone else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
