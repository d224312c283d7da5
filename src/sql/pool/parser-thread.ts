/** The file that a parser thread runs: reads one batch after another, telling through shared memory which text it is at. */
import { parentPort } from 'node:worker_threads';
import type { Dialect } from '../dialect.js';
import { loadGrammars } from '../grammar/grammar-loader.js';
import { WasmTrap } from '../grammar/grammar-parser.js';
import type { LineageOptions, QueryLineage } from '../query-lineage.js';
import { TextReader } from '../text-reader.js';
import { Progress } from './progress.js';

/** A text as it crosses the thread border: no functions. */
export interface PooledText {
  readonly sql: string;
  readonly dialect: Dialect;
  readonly options: LineageOptions;
  /** False for texts that a grammar parser did not survive. */
  readonly grammar: boolean;
}

export interface BatchTask {
  readonly texts: readonly PooledText[];
  readonly progress: SharedArrayBuffer;
  /** Texts that take longer count as slow. Milliseconds. */
  readonly slowMs: number;
}

export interface BatchAnswer {
  readonly lineages: readonly QueryLineage[];
  /** Milliseconds spent on slow texts. */
  readonly slowMs: number;
  readonly slowTexts: number;
  readonly templateHits: number;
}

const careful = new TextReader(loadGrammars);
const tokensOnly = new TextReader(undefined);

/** What a thread says: first `ready`, then an answer or an error for each task. */
export type ThreadMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'answer'; readonly answer: BatchAnswer }
  | { readonly kind: 'error'; readonly message: string };

async function readBatch(task: BatchTask): Promise<BatchAnswer> {
  const progress = new Progress(task.progress);
  const hitsBefore = careful.hits + tokensOnly.hits;
  const lineages: QueryLineage[] = [];
  let slowMs = 0;
  let slowTexts = 0;
  for (const [index, text] of task.texts.entries()) {
    progress.startText(index);
    const started = performance.now();
    try {
      const reader = text.grammar ? careful : tokensOnly;
      lineages.push(
        await reader.read(text.sql, text.dialect, text.options, (phase) => {
          progress.enter(phase);
        })
      );
    } catch (error) {
      if (!(error instanceof WasmTrap)) throw error;
      progress.trap();
      // The instance is lost for good: the pool ends this thread and reads on with another.
      await new Promise(() => undefined);
    }
    const took = performance.now() - started;
    if (took > task.slowMs) {
      slowMs += took;
      slowTexts += 1;
    }
  }
  return { lineages, slowMs, slowTexts, templateHits: careful.hits + tokensOnly.hits - hitsBefore };
}

function say(message: ThreadMessage): void {
  parentPort?.postMessage(message);
}

parentPort?.on('message', (task: BatchTask) => {
  readBatch(task).then(
    (answer) => {
      say({ kind: 'answer', answer });
    },
    (error: unknown) => {
      say({ kind: 'error', message: String(error) });
    }
  );
});
say({ kind: 'ready' });
