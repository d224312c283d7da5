import pc from 'picocolors';
import { harmlessText } from '../../errors/index.js';

/** stdout or stderr; `isTTY` is true for a screen. */
export type Output = NodeJS.WritableStream & { readonly isTTY?: boolean };

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
  readonly stream: Output;
}

/**
 * stdout and stderr, the process's own by default. NO_COLOR and FORCE_COLOR are honoured; TERM=dumb and CI are no live
 * screen.
 */
export function processTerminal(
  env: NodeJS.ProcessEnv = process.env,
  { stdout, stderr }: { readonly stdout: Output; readonly stderr: Output } = process
): Terminal {
  const live = stderr.isTTY === true && env.TERM !== 'dumb' && env.CI === undefined;
  const plain = env.NO_COLOR !== undefined && env.NO_COLOR !== '';
  const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '' && env.FORCE_COLOR !== '0';
  return {
    out: (line) => void stdout.write(`${harmlessText(line)}\n`),
    err: (line) => void stderr.write(`${harmlessText(line)}\n`),
    live,
    colors: pc.createColors(!plain && (forced || live)),
    resultColors: pc.createColors(!plain && (forced || (live && stdout.isTTY === true))),
    stream: stderr,
  };
}
