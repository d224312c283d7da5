import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { openSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const START_TIMEOUT_MS = 60_000;
/** Characters of the server's log that a message shows. */
const LOG_TAIL = 2_000;

export interface ServerProcessOptions {
  /** What messages call it. */
  readonly name: string;
  /** All of the server's files; goes with it. */
  readonly folder: string;
  /** Takes what it prints. */
  readonly logFile: string;
  /** Ends it and its children without a chance to tidy up. */
  readonly signal: 'SIGKILL' | 'SIGQUIT';
}

/** The process of a database server of the tests: started, killed and started again on its folder. */
export class ServerProcess {
  #child: ChildProcess | undefined;

  constructor(private readonly options: ServerProcessOptions) {
    process.once('exit', this.#killNow);
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  log(): string {
    return readFileSync(this.options.logFile, 'utf8');
  }

  /**
   * @param serves tried until it succeeds
   * @throws Error with the end of the server's log
   */
  async start(
    program: string,
    args: readonly string[],
    serves: () => Promise<unknown>,
    options: Pick<SpawnOptions, 'cwd' | 'uid' | 'gid'> = {}
  ): Promise<void> {
    const log = openSync(this.options.logFile, 'a');
    const child = spawn(program, args, { ...options, stdio: ['ignore', log, log] });
    this.#child = child;
    // A test that fails to stop it must end all the same; leaving the process kills it.
    child.unref();
    const { name } = this.options;
    for (const end = Date.now() + START_TIMEOUT_MS; ; await sleep(50)) {
      if (child.exitCode !== null) throw new Error(`${name} ended with code ${child.exitCode}:\n${this.#logTail()}`);
      try {
        await serves();
        return;
      } catch (error) {
        if (Date.now() > end)
          throw new Error(`${name} does not answer within ${START_TIMEOUT_MS} ms:\n${this.#logTail()}`, {
            cause: error,
          });
      }
    }
  }

  /** Resolves when it is gone; its files stay. */
  async kill(): Promise<void> {
    const running = this.#child;
    this.#child = undefined;
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
    const gone = new Promise((resolve) => running.once('exit', resolve));
    // else a process with nothing more to do ends while it waits
    running.ref();
    running.kill(this.options.signal);
    await gone;
  }

  /** The same, and its files go. */
  async discard(): Promise<void> {
    await this.kill();
    process.removeListener('exit', this.#killNow);
    rmSync(this.options.folder, { recursive: true, force: true });
  }

  readonly #killNow = (): void => {
    this.#child?.kill(this.options.signal);
    rmSync(this.options.folder, { recursive: true, force: true });
  };

  #logTail(): string {
    return this.log().slice(-LOG_TAIL);
  }
}
