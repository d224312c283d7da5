import pc from 'picocolors';

/** Where a command's words go. Results go to `out`, everything else to `err`, so that a pipe gets the result alone. */
export interface Terminal {
  out(line: string): void;
  err(line: string): void;
  /** Whether `err` is a screen on which lines can be drawn again. */
  readonly live: boolean;
  /** For `err`. */
  readonly colors: ReturnType<typeof pc.createColors>;
  /** For `out`: what goes into a pipe or a file stays plain although `err` is a screen. */
  readonly resultColors: ReturnType<typeof pc.createColors>;
  /** The stream behind `err`, for the progress bars. */
  readonly stream: NodeJS.WriteStream;
}

/** The process's own stdout and stderr. NO_COLOR and FORCE_COLOR are honoured, TERM=dumb is no live screen. */
export function processTerminal(env: NodeJS.ProcessEnv = process.env): Terminal {
  const live = process.stderr.isTTY === true && env.TERM !== 'dumb' && env.CI === undefined;
  const plain = env.NO_COLOR !== undefined && env.NO_COLOR !== '';
  const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '' && env.FORCE_COLOR !== '0';
  return {
    out: (line) => void process.stdout.write(`${line}\n`),
    err: (line) => void process.stderr.write(`${line}\n`),
    live,
    colors: pc.createColors(!plain && (forced || live)),
    resultColors: pc.createColors(!plain && (forced || (live && process.stdout.isTTY === true))),
    stream: process.stderr,
  };
}
