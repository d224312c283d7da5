import pc from 'picocolors';
import { harmlessLine, harmlessText } from '../../errors/index.js';

/** stdout or stderr; `isTTY` is true for a screen. */
export type Output = NodeJS.WritableStream & { readonly isTTY?: boolean };

/** Where a command's output goes: results to `out`, everything else to `err`, so that a pipe gets only the result. */
export interface Terminal {
  /** One line: line ends in it are escaped. @param mark coloured text that goes before it */
  out(line: string, mark?: string): void;
  err(line: string, mark?: string): void;
  /** Lines of our own, into which others' words were put by `harmlessLine`. */
  outText(text: string): void;
  errText(text: string, mark?: string): void;
  /** Whether `err` is a terminal on which lines can be redrawn. */
  readonly live: boolean;
  /** For `err`. */
  readonly colors: ReturnType<typeof pc.createColors>;
  /** For `out`: what goes into a pipe or a file stays plain even when `err` is a terminal. */
  readonly resultColors: ReturnType<typeof pc.createColors>;
  /** The stream that `err` writes to, for the progress bars. */
  readonly stream: Output;
}

/**
 * stdout and stderr, by default the process's own. NO_COLOR and FORCE_COLOR are honoured; with TERM=dumb or CI nothing
 * is redrawn.
 */
export function processTerminal(
  env: NodeJS.ProcessEnv = process.env,
  { stdout, stderr }: { readonly stdout: Output; readonly stderr: Output } = process
): Terminal {
  const live = stderr.isTTY === true && env.TERM !== 'dumb' && env.CI === undefined;
  const plain = env.NO_COLOR !== undefined && env.NO_COLOR !== '';
  const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '' && env.FORCE_COLOR !== '0';
  return {
    out: (line, mark) => void stdout.write(`${marked(harmlessLine(line), mark)}\n`),
    err: (line, mark) => void stderr.write(`${marked(harmlessLine(line), mark)}\n`),
    outText: (text) => void stdout.write(`${harmlessText(text)}\n`),
    errText: (text, mark) => void stderr.write(`${marked(harmlessText(text), mark)}\n`),
    live,
    colors: pc.createColors(!plain && (forced || live)),
    resultColors: pc.createColors(!plain && (forced || (live && stdout.isTTY === true))),
    stream: stderr,
  };
}

/** Colours are put on after the escaping, so that a name in a source can bring none of its own. */
function marked(text: string, mark: string | undefined): string {
  return mark === undefined ? text : `${mark} ${text}`;
}
