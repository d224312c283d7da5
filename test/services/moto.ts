/**
 * moto: a server that speaks S3, Secrets Manager, SSM, IAM and STS. Empty at the start; files of a process hand it on,
 * emptied.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from '../../src/client/temporal-server/index.js';
import { pythonVenv } from './python-venv.js';
import { ServerPool, type PooledServer } from './server-pool.js';

/** From the project root, where tests run. */
const REQUIREMENTS = path.resolve('test/services/moto/requirements.txt');
const SERVER = path.resolve('test/services/moto/serve.py');
const START_TIMEOUT = 60_000;

export interface Moto {
  /** http://127.0.0.1:PORT, the endpoint of each of its services. */
  readonly url: string;
  /** What the AWS SDK reads: a region, and credentials, of which moto takes any. */
  readonly env: Readonly<Record<'AWS_REGION' | 'AWS_ACCESS_KEY_ID' | 'AWS_SECRET_ACCESS_KEY', string>>;
  /** From now on calls need keys that its IAM knows, and a policy that allows them; or no longer. */
  askForRights(asked: boolean): Promise<void>;
  stop(): Promise<void>;
}

const pool = new ServerPool<Server>();

/**
 * Gives a server with nothing in it: one that another file of this process is done with, else a new one, which takes
 * two seconds.
 */
export async function startMoto(): Promise<Moto> {
  return pool.take({}) ?? Server.start();
}

class Server implements Moto, PooledServer {
  static async start(): Promise<Server> {
    const programs = await pythonVenv('moto', REQUIREMENTS);
    const folder = await mkdtemp(path.join(tmpdir(), 'moto-'));
    const logFile = path.join(folder, 'server.log');
    const output = await open(logFile, 'a');
    const [port = 0] = await freePorts(1);
    const child = spawn(path.join(programs, 'python'), [SERVER, `${port}`], {
      stdio: ['ignore', output.fd, output.fd],
    });
    await output.close();
    const server = new Server(folder, `http://127.0.0.1:${port}`, child);
    await server.#untilAnswering(logFile);
    return server;
  }

  readonly env = { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'moto', AWS_SECRET_ACCESS_KEY: 'moto-secret' };

  private constructor(
    private readonly folder: string,
    readonly url: string,
    private readonly child: ChildProcess
  ) {
    child.once('exit', () => process.off('exit', this.#killNow));
    process.once('exit', this.#killNow);
  }

  async askForRights(asked: boolean): Promise<void> {
    const answer = await fetch(`${this.url}/moto-api/reset-auth`, { method: 'POST', body: asked ? '0' : 'inf' });
    if (!answer.ok) throw new Error(`moto refused reset-auth: HTTP ${answer.status}`);
  }

  stop(): Promise<void> {
    return pool.giveBack({}, this);
  }

  async reset(): Promise<boolean> {
    if (this.#ended) return false;
    await this.askForRights(false);
    return (await fetch(`${this.url}/moto-api/reset`, { method: 'POST' })).ok;
  }

  async discard(): Promise<void> {
    if (!this.#ended) {
      const ended = new Promise((resolve) => this.child.once('exit', resolve));
      this.#killNow();
      await ended;
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  readonly #killNow = (): void => void this.child.kill('SIGKILL');

  get #ended(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  async #untilAnswering(logFile: string): Promise<void> {
    for (const until = Date.now() + START_TIMEOUT; ; await sleep(100)) {
      const answer = await fetch(`${this.url}/moto-api/reset`, { method: 'POST' }).catch(() => undefined);
      if (answer?.ok === true) return;
      if (this.#ended || Date.now() > until)
        throw new Error(`moto did not start:\n${(await readFile(logFile, 'utf8')).slice(-2_000)}`);
    }
  }
}
