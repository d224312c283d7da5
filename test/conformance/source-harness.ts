/**
 * What a connector's tests share: the harness it gives to the conformance suite, and a context that leaves nothing out.
 */
import type {
  CheckResult,
  MetadataOptions,
  MetadataSource,
  SchemaRef,
  SourceContext,
} from '../../src/sources/index.js';

export interface SourceHarness {
  /** Opens the source as its spec does. */
  open(context: SourceContext): Promise<MetadataSource>;
  check(context: SourceContext, options: MetadataOptions): AsyncIterable<CheckResult>;
  /**
   * A schema with at least four tables and one view, names that sort differently by case and by bytes, and routines if
   * the engine has any.
   */
  readonly schema: SchemaRef;
  /** A name of a table and of a view in it, and of a routine (absent where the engine has none). */
  readonly tableName: string;
  readonly viewName: string;
  readonly procedureName?: string;
  /** Makes a schema with this many tables of one kind and nothing else. */
  makeTables(count: number): Promise<LikeTables>;
  stop(): Promise<void>;
}

export interface LikeTables {
  readonly ref: SchemaRef;
  open(context: SourceContext): Promise<MetadataSource>;
  drop(table: string): Promise<void>;
}

/** A context that counts statements; `abort` ends it. */
export function countingContext(): SourceContext & { readonly statements: () => number; readonly abort: () => void } {
  const controller = new AbortController();
  let statements = 0;
  return {
    runTag: 'openmetadata-temporal-ingestion conformance test',
    signal: controller.signal,
    onStatement: () => {
      statements += 1;
    },
    onWarning: () => undefined,
    statements: () => statements,
    abort: () => controller.abort(new Error('the test has had enough')),
  };
}

export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

/** Reads the rest. @returns how many there were */
export async function drain(rest: AsyncIterator<unknown>): Promise<number> {
  let count = 0;
  while ((await rest.next()).done !== true) count += 1;
  return count;
}

/** @returns undefined when nothing failed */
export async function failureOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return error;
  }
}
