/** actionlint, the checker of GitHub's workflow files: a Go module, built once for all runs on this machine. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { CACHE } from './python-venv.js';

const VERSION = 'v1.7.12';

/**
 * The path of the program.
 *
 * @throws Error with Go's words, and what to install, when it can't be built
 */
export async function findActionlint(): Promise<string> {
  const folder = path.join(CACHE, `actionlint-${VERSION}`);
  const program = path.join(folder, 'actionlint');
  if (existsSync(program)) return program;
  const module = `github.com/rhysd/actionlint/cmd/actionlint@${VERSION}`;
  try {
    await promisify(execFile)('go', ['install', module], { env: { ...process.env, GOBIN: folder, GOFLAGS: '' } });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `actionlint can't be built by \`go install ${module}\`: ${reason}\nIt needs Go (https://go.dev/dl, or apt-get install golang) and its module proxy.`,
      { cause: error }
    );
  }
  return program;
}
