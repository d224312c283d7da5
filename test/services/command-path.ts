import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A PATH on which `om-ingest` is the command of this build: a folder `bin` is made for it. */
export function pathWithCommand(folder: string): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  const main = join(process.cwd(), 'dist/src/client/cli/main.js');
  chmodSync(main, 0o755);
  symlinkSync(main, join(bin, 'om-ingest'));
  return [bin, process.env['PATH'] ?? ''].join(delimiter);
}
