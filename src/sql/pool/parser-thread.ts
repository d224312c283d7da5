/**
 * The file that a parser thread runs: reads one batch after another, reporting the current statement through shared
 * memory.
 */
import { parentPort } from 'node:worker_threads';
import type { Dialect } from '../dialect.js';
import type { LineageOptions, QueryLineage } from '../query-lineage.js';
import { TextReader } from '../text-reader.js';
import { Progress } from './progress.js';

/** A statement as passed between threads: no functions. */
export interface PooledText {
  readonly sql: string;
  readonly dialect: Dialect;
  readonly options: LineageOptions;
}

export interface BatchTask {
  readonly texts: readonly PooledText[];
  readonly progress: SharedArrayBuffer;
}

export interface BatchAnswer {
  readonly lineages: readonly QueryLineage[];
  readonly templateHits: number;
}

/** What a thread says: first `ready`, then an answer or an error for each task. */
export type ThreadMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'answer'; readonly answer: BatchAnswer }
  | { readonly kind: 'error'; readonly message: string };

const reader = new TextReader();

function readBatch(task: BatchTask): BatchAnswer {
  const progress = new Progress(task.progress);
  const hitsBefore = reader.hits;
  const lineages = task.texts.map((text, index) => {
    progress.startText(index);
    return reader.read(text.sql, text.dialect, text.options);
  });
  return { lineages, templateHits: reader.hits - hitsBefore };
}

function say(message: ThreadMessage): void {
  parentPort?.postMessage(message);
}

parentPort?.on('message', (task: BatchTask) => {
  try {
    say({ kind: 'answer', answer: readBatch(task) });
  } catch (error) {
    say({ kind: 'error', message: String(error) });
  }
});
say({ kind: 'ready' });
