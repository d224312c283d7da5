import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

/** The newest release that `go install` can build: later ones carry replace directives, which it refuses. */
export const TEMPORAL_CLI_MODULE = 'github.com/temporalio/cli/cmd/temporal@v1.5.1';

/** Go compiles about this many packages for the module above; used for the progress line only. */
const PACKAGES = 1_300;
const PROGRESS_EVERY_MS = 10_000;
const LEFT_OVER = '.building-';

/**
 * Builds Temporal's CLI (server included) with Go and puts it at `target`: about four minutes on two cores, once.
 * The file appears only when it is whole.
 *
 * @throws Error with the last lines of Go's output when the build fails.
 */
export async function goInstallTemporal(
  go: string,
  target: string,
  options: { say: (line: string) => void; env?: NodeJS.ProcessEnv; signal?: AbortSignal; progressEveryMs?: number }
): Promise<void> {
  mkdirSync(dirname(target), { recursive: true });
  removeLeftOvers(dirname(target));
  const binFolder = mkdtempSync(join(dirname(target), LEFT_OVER));
  const startedAt = Date.now();
  let compiled = 0;
  let lastLines: string[] = [];
  options.say(`building the Temporal server: go install ${TEMPORAL_CLI_MODULE} (about 4 minutes on 2 cores, once)`);
  const progress = setInterval(() => {
    const seconds = Math.round((Date.now() - startedAt) / 1000);
    const doing = compiled === 0 ? 'downloading modules' : `about ${percent(compiled)} % of the packages compiled`;
    options.say(`building the Temporal server: ${doing}, ${seconds} s so far`);
  }, options.progressEveryMs ?? PROGRESS_EVERY_MS);
  try {
    const child = spawn(go, ['install', '-v', TEMPORAL_CLI_MODULE], {
      env: { ...(options.env ?? process.env), GOBIN: binFolder },
      stdio: ['ignore', 'ignore', 'pipe'],
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    createInterface({ input: child.stderr }).on('line', (line) => {
      // `-v` names one package a line when it is compiled; Go's own messages begin with "go:" or hold a space
      if (/^\S+$/.test(line)) compiled += 1;
      lastLines = [...lastLines.slice(-4), line];
    });
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    if (code !== 0) throw new Error(`go install ended with exit code ${code}: ${lastLines.join(' | ')}`);
    renameSync(join(binFolder, 'temporal'), target);
    options.say(`the Temporal server is built: ${target} (${Math.round((Date.now() - startedAt) / 1000)} s)`);
  } finally {
    clearInterval(progress);
    rmSync(binFolder, { recursive: true, force: true });
  }
}

/** What builds that were killed left behind; the caller's lock says that none is under way. */
function removeLeftOvers(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name.startsWith(LEFT_OVER)) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

function percent(compiled: number): number {
  return Math.min(99, Math.round((100 * compiled) / PACKAGES));
}
