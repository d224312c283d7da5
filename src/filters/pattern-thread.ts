/** The file that the pattern thread runs: JavaScript's own expressions on names, which may take for ever. */
import { parentPort } from 'node:worker_threads';

export interface PatternTask {
  readonly source: string;
  readonly flags: string;
  readonly names: readonly string[];
}

/** First `ready`; then an answer for each task, with the milliseconds that it took. */
export type PatternAnswer =
  { readonly kind: 'ready' } | { readonly kind: 'answer'; readonly found: readonly boolean[]; readonly ms: number };

/** How many compiled ones are kept. */
const MOST = 1_000;
const compiled = new Map<string, RegExp>();

function compile(source: string, flags: string): RegExp {
  const key = `${flags}/${source}`;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  if (compiled.size >= MOST) compiled.clear();
  const regex = new RegExp(source, flags);
  compiled.set(key, regex);
  return regex;
}

function say(answer: PatternAnswer): void {
  parentPort?.postMessage(answer);
}

parentPort?.on('message', ({ source, flags, names }: PatternTask) => {
  const started = performance.now();
  const regex = compile(source, flags);
  const found = names.map((name) => regex.test(name));
  say({ kind: 'answer', found, ms: performance.now() - started });
});
say({ kind: 'ready' });
