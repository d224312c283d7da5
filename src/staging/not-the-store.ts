import { TransientError } from '../errors/index.js';

/**
 * For a place that is empty or another store, as a folder is when its file system isn't mounted any more.
 * @param id what it holds now
 */
export function notTheStore(place: string, id: string | undefined): TransientError {
  const found = id === undefined ? 'holds no store-id any more' : `is another store now (${id})`;
  return new TransientError(`The staging store ${place} ${found}.`, {
    where: place,
    remedy:
      'Bring it back (is the folder mounted?), and the run continues by itself; or restart the workers on a new one.',
  });
}
