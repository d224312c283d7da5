import { freePortLike } from '../../src/client/temporal-server/index.js';

/**
 * Whether a port that commands of the docs name may be taken by a test; where not, the test is skipped.
 *
 * @throws Error naming the port with CI=true, where nothing is skipped
 */
export async function hasPort(port: number): Promise<boolean> {
  if ((await freePortLike(port)) === port) return true;
  if (process.env['CI'] === 'true') throw new Error(`Port ${port} is taken: commands of the docs need it.`);
  return false;
}
