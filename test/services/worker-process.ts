import { startCli } from './cli.js';

/** An `om-ingest worker` process that tests stop, freeze and kill. */
export interface WorkerProcess {
  readonly pid: number;
  /** `kill -9`; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves when it has ended by itself. Answers its exit code. */
  terminate(): Promise<number | null>;
  /** SIGSTOP and SIGCONT. */
  freeze(): void;
  thaw(): void;
  /** What it logged; whole only after it ended. */
  readonly log: Promise<string>;
}

/** Starts one and waits until it takes tasks. */
export async function startWorkerProcess(env: Readonly<Record<string, string>>): Promise<WorkerProcess> {
  const started = startCli(['worker'], { env });
  const { child, ended } = started;
  const killAtExit = (): void => void child.kill('SIGKILL');
  process.once('exit', killAtExit);
  const gone = ended.finally(() => process.removeListener('exit', killAtExit));
  await started.until('worker is ready');
  return {
    pid: child.pid ?? 0,
    kill: async () => {
      child.kill('SIGKILL');
      await gone;
    },
    terminate: async () => {
      child.kill('SIGTERM');
      return (await gone).code;
    },
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    log: gone.then(({ stdout, stderr }) => stdout + stderr),
  };
}
