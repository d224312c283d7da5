import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Agent, ProxyAgent, request, type Dispatcher } from 'undici';
import { isExecutable } from './executables.js';

/** The host from which the SDK downloads Temporal's CLI. */
const DOWNLOAD_URL = 'https://temporal.download/cli/default';
const PROBE_TIMEOUT_MS = 3_000;
const DOWNLOAD_TIMEOUT_MS = 5 * 60_000;

export interface SdkDownloadOptions {
  say: (line: string) => void;
  /** Checked first, so that a host that can't reach it loses seconds, and not a connect timeout of minutes. */
  url?: string;
}

/**
 * Lets the Temporal SDK download its dev server (about 60 MB) and keeps it at `target`.
 *
 * This runs in its own process: the SDK's download can't be stopped, and it would install its runtime here before the
 * worker's settings are known.
 *
 * @throws Error saying why there was no download; within three seconds when the host can't be reached.
 */
export async function sdkDownloadTemporal(target: string, options: SdkDownloadOptions): Promise<void> {
  await probe(options.url ?? DOWNLOAD_URL);
  options.say("downloading the Temporal server (about 60 MB) by the Temporal SDK's own download");
  const folder = mkdtempSync(join(tmpdir(), 'om-ingest-temporal-'));
  try {
    await downloadInChild(folder);
    const file = readdirSync(folder)
      .map((name) => join(folder, name))
      .find(isExecutable);
    if (file === undefined) throw new Error('the download left no executable behind');
    mkdirSync(dirname(target), { recursive: true });
    const whole = `${target}.${process.pid}`;
    copyFileSync(file, whole);
    renameSync(whole, target);
    options.say(`the Temporal server is downloaded: ${target}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function probe(url: string): Promise<void> {
  const dispatcher = outgoing();
  try {
    const answer = await request(url, { method: 'HEAD', dispatcher, signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
    await answer.body.dump();
  } catch (error) {
    throw new Error(
      `${new URL(url).host} can't be reached (${error instanceof Error ? error.message : String(error)})`,
      {
        cause: error,
      }
    );
  } finally {
    await dispatcher.close();
  }
}

function outgoing(): Dispatcher {
  const proxy = process.env.HTTPS_PROXY ?? process.env.https_proxy;
  const connect = { timeout: PROBE_TIMEOUT_MS };
  return proxy === undefined || proxy === '' ? new Agent({ connect }) : new ProxyAgent({ uri: proxy, connect });
}

async function downloadInChild(folder: string): Promise<void> {
  const script = fileURLToPath(new URL('./sdk-download-process.js', import.meta.url));
  const child = spawn(process.execPath, [script, folder], {
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: DOWNLOAD_TIMEOUT_MS,
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(-2_000)));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`the download failed: ${errors.trim().split('\n').at(-1) ?? `exit code ${code}`}`);
}
