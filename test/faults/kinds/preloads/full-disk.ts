/**
 * Loaded into a worker before anything else: no file can be written through a handle while the file that LAB_FULL names
 * is there.
 */
import { existsSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { devNull } from 'node:os';

const flag = process.env['LAB_FULL'] ?? '';
const handle = await open(devNull, 'r');
const prototype = Object.getPrototypeOf(handle) as FileHandle;
await handle.close();
// eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with its object below
const write = prototype.writeFile;
prototype.writeFile = async function full(this: FileHandle, ...args: Parameters<typeof write>): Promise<void> {
  if (existsSync(flag)) {
    const error = new Error('ENOSPC: no space left on device, write');
    throw Object.assign(error, { code: 'ENOSPC', syscall: 'write' });
  }
  return write.apply(this, args);
};
