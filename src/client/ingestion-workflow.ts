import { randomUUID } from 'node:crypto';
import { factsOf, KINDS, writtenType, type WorkflowKind } from '../contract/kinds.js';
import { harmlessLine, harmlessText, RecipeError } from '../errors/index.js';
import { readRecipe, readRecipeObject, type CheckedRecipe } from '../recipe/index.js';
import { printReport, type RunReport } from '../report/index.js';
import { EncryptionKeys } from '../secrets/index.js';
import { registerSources, type Source } from '../sources/index.js';
import { createClient, type IngestionClient } from './ingestion-client.js';
import type { IngestionRun } from './ingestion-run.js';
import { startOwnStack, type OwnStack } from './own-stack.js';
import { describeChecked, type RecipeReference } from './recipe-reference.js';
import { RunFailedError } from './run-errors.js';
import { NoTemporalServerError } from './temporal-server/index.js';
import { readTemporalSettings, type TemporalSettings } from './temporal-settings.js';

/** How long `stop` waits for a run that it cancelled, milliseconds. */
const CLEAN_UP_MS = 60_000;

export interface WorkflowOptions {
  /** Default: `om-<ingestionPipelineFQN>`, else `om-<service>-<kind>-<8 hex of what the recipe selects>`. */
  workflowId?: string;
  /** Queue of the workers; not used for a run inside this process. Default: `openmetadata-ingestion`. */
  taskQueue?: string;
  /** Where Temporal is. Default: TEMPORAL_ADDRESS, … or temporal.toml, else `localhost:7233`. */
  temporal?: TemporalSettings;
  /**
   * Run on a worker inside this process, on its own queue. Default: only when the configuration holds secrets in plain
   * text, which must not leave this process unless payloads are encrypted (OM_INGEST_ENCRYPTION_KEYS). Such a run does
   * not survive its process.
   */
  inProcess?: boolean;
  /** Connectors besides those of this build; known to the whole process from then on. */
  sources?: readonly Source[];
  /** Gets notices, one line each. Default: stderr. */
  say?: (line: string) => void;
}

/** What the five steps of every kind share; use the class of the recipe's kind, such as MetadataWorkflow. */
export abstract class IngestionWorkflow {
  readonly #client: IngestionClient;
  readonly #stack: OwnStack | undefined;
  readonly #recipe: RecipeReference;
  readonly #workflowId: string;
  #run: IngestionRun | undefined;
  #report: RunReport | undefined;

  protected constructor(made: MadeWorkflow) {
    this.#client = made.client;
    this.#stack = made.stack;
    this.#recipe = made.recipe;
    this.#workflowId = made.workflowId;
  }

  get workflowId(): string {
    return this.#workflowId;
  }

  /** The report, after `execute`. */
  get report(): RunReport | undefined {
    return this.#report;
  }

  /**
   * Runs it to its end. A failed run has a report too: `raiseFromStatus` throws for it.
   *
   * @throws AlreadyRunningError, RecipeRefusedError, RunStoppedError; RunFailedError when there is no report
   */
  async execute(): Promise<RunReport> {
    const run = await this.#client.start(this.#recipe, { workflowId: this.#workflowId });
    this.#run = run;
    try {
      this.#report = await this.#untilEnd(run);
    } catch (error) {
      if (!(error instanceof RunFailedError) || error.report === undefined) throw error;
      this.#report = error.report;
    } finally {
      this.#run = undefined;
    }
    return this.#report;
  }

  /**
   * Throws when the run failed or, if asked to, when it has warnings. Does nothing before `execute`.
   *
   * @throws RunFailedError
   */
  raiseFromStatus(options: { raiseWarnings?: boolean } = {}): void {
    const report = this.#report;
    if (report === undefined) return;
    const warned = options.raiseWarnings === true && report.steps.some((step) => step.warnings > 0);
    if (report.state !== 'failed' && report.state !== 'stopped' && !warned) return;
    const why =
      report.error ?? (report.state === 'failed' ? 'too many failures' : warned ? 'there are warnings' : report.state);
    throw new RunFailedError(this.#workflowId, `${report.workflow} of ${report.service}: ${why}`, report);
  }

  /** Prints the report to stdout. */
  printStatus(): void {
    process.stdout.write(
      this.#report === undefined ? 'not executed yet\n' : `${harmlessText(printReport(this.#report))}\n`
    );
  }

  /**
   * Releases everything; first cancels a run that is still going inside this process, and waits, a minute at most,
   * until it has cleaned up. May be called twice.
   */
  async stop(): Promise<void> {
    if (this.#stack === undefined) {
      await this.#client.close();
      return;
    }
    if (this.#run !== undefined) await cancelled(this.#run, this.#stack);
    await this.#stack.stop();
  }

  /** Otherwise a worker in this process that ends with an error would leave the run waiting for ever. */
  async #untilEnd(run: IngestionRun): Promise<RunReport> {
    if (this.#stack === undefined) return run.wait();
    const gone = this.#stack.workerEnded.then(() => {
      throw new RunFailedError(this.#workflowId, 'The worker of this run was stopped before the run was over.');
    });
    const over = new AbortController();
    try {
      return await Promise.race([run.wait({ signal: over.signal }), gone]);
    } finally {
      over.abort();
    }
  }
}

/** Nobody else polls the run's queue: without its worker it would be under way for ever. */
async function cancelled(run: IngestionRun, { workerEnded }: OwnStack): Promise<void> {
  const over = AbortSignal.timeout(CLEAN_UP_MS);
  const end = run.cancel().then(() => run.wait({ signal: over }));
  await Promise.race([end, workerEnded]).catch(() => undefined);
}

/** What `create` gives the constructor. */
export interface MadeWorkflow {
  readonly client: IngestionClient;
  readonly stack?: OwnStack;
  readonly recipe: RecipeReference;
  readonly workflowId: string;
}

/**
 * Checks the configuration, which must be of one of the kinds, and connects; starts a worker in this process if one is
 * needed.
 *
 * @throws RecipeError, NoTemporalServerError
 */
export async function makeWorkflow(
  kinds: readonly WorkflowKind[],
  config: unknown,
  options: WorkflowOptions
): Promise<MadeWorkflow> {
  const say = options.say ?? ((line: string): void => void process.stderr.write(`${harmlessLine(line)}\n`));
  registerSources(options.sources ?? []);
  const checked =
    typeof config === 'string'
      ? readRecipe({ text: config, origin: 'config' }, { literals: 'memory' })
      : readRecipeObject(config, 'config', { literals: 'memory' });
  if (!kinds.includes(checked.recipe.kind)) throw wrongKind(kinds, checked.recipe.kind);
  checked.warnings.forEach(say);
  const workflowId = options.workflowId ?? describeChecked(checked).workflowId;
  const inProcess =
    options.inProcess ?? (checked.memorySecrets.size > 0 && EncryptionKeys.fromEnvironment() === undefined);
  if (!inProcess) {
    const client = await createClient({
      ...(options.temporal === undefined ? {} : { settings: options.temporal }),
      ...(options.taskQueue === undefined ? {} : { taskQueue: options.taskQueue }),
    });
    // as given, so that the worker's environment fills in its variables
    const recipe = typeof config === 'string' ? { recipeYaml: config } : { recipe: config };
    return { client, recipe, workflowId };
  }
  if (checked.memorySecrets.size > 0) {
    say('The configuration holds secrets in plain text: the run stays inside this process and does not survive it.');
  }
  const stack = await startPrivateStack(checked, options, say);
  return {
    client: stack.client,
    stack,
    recipe: { recipe: asWritten(checked), checked: describeChecked(checked) },
    workflowId,
  };
}

async function startPrivateStack(
  checked: CheckedRecipe,
  options: WorkflowOptions,
  say: (line: string) => void
): Promise<OwnStack> {
  const worker = { taskQueue: `om-in-process-${randomUUID()}`, logLevel: 'warn' } as const;
  const shared = { worker, memorySecrets: checked.memorySecrets, say };
  const settings = options.temporal ?? readTemporalSettings();
  try {
    return await startOwnStack({ ...shared, server: settings });
  } catch (error) {
    const optional = options.temporal === undefined && !settings.configured;
    if (!optional || !(error instanceof NoTemporalServerError)) throw error;
    return startOwnStack(shared);
  }
}

/**
 * As a recipe spells it: without `kind`, which we add, and with the kind's suffix (`snowflake-lineage`), which checking
 * removes.
 */
function asWritten({ recipe }: CheckedRecipe): object {
  const type = writtenType(factsOf(recipe.kind), recipe.source.type);
  const written = { ...recipe, source: { ...recipe.source, type } };
  return Object.fromEntries(Object.entries(written).filter(([key]) => key !== 'kind'));
}

function wrongKind(wanted: readonly WorkflowKind[], found: WorkflowKind): RecipeError {
  const { title, className } = KINDS[found];
  const allowed = wanted.map((kind) => KINDS[kind].title).join(' or ');
  const message = `is that of a ${title} recipe, not of a ${allowed} one. Use ${className}.`;
  return new RecipeError([{ path: 'source.type', message }], 'config');
}
