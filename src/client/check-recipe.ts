import { randomUUID } from 'node:crypto';
import { AuthenticationError, IngestionError, TransientError } from '../errors/index.js';
import { factsOf } from '../contract/kinds.js';
import { missingService, stagedFrom, type StagedRecipe } from '../run-context/index.js';
import { runTag, type CheckResult } from '../sources/index.js';
import { Connections, otherServiceType, workOf, type CheckedFile } from '../activities/index.js';

/** A check is a few calls; an end that takes longer can't be used from here. */
const CHECK_TIMEOUT_MS = 60_000;

export interface CheckOptions {
  /** Of each end. Default 60,000. */
  timeoutMs?: number;
  onWarning?: (message: string) => void;
}

/**
 * Tries both ends of a recipe from this process: OpenMetadata's version and token, then what the source's connector
 * tries. Writes nothing. A failed step is a finding, not an error.
 */
export async function* checkRecipe(checked: CheckedFile, options: CheckOptions = {}): AsyncIterable<CheckResult> {
  const connections = new Connections({});
  try {
    yield* checkCatalog(connections, stagedFrom(checked), options);
    yield* checkSource(connections, checked, options);
  } finally {
    await connections.close();
  }
}

/** Anybody is told the version; only a call after it shows that the token is accepted. */
async function* checkCatalog(
  connections: Connections,
  staged: StagedRecipe,
  { timeoutMs = CHECK_TIMEOUT_MS }: CheckOptions
): AsyncIterable<CheckResult> {
  const { kind, source, workflowConfig } = staged.recipe;
  const { hostPort, enableVersionValidation } = workflowConfig.openMetadataServerConfig;
  const signal = AbortSignal.timeout(timeoutMs);
  let step = 'openmetadata';
  let waitedFor = 'its version';
  try {
    const client = await connections.client(staged);
    const { version, warning } = await client.system.version({ signal });
    if (warning === undefined || !enableVersionValidation) yield found(step, `version ${version} at ${hostPort}`);
    else yield { name: step, passed: false, mandatory: false, message: warning };
    step = 'token';
    waitedFor = `the service ${source.serviceName}`;
    const service = await client.services.find(source.serviceName, { signal });
    if (service === undefined && factsOf(kind).service === 'read') {
      yield found(step, 'accepted');
      yield failed('service', await missingService(client, source.serviceName, signal));
    } else {
      const madeLater = factsOf(kind).service === 'made' ? ', the first run makes it' : '';
      const state = service === undefined ? `is not there yet${madeLater}` : 'is there';
      yield found(step, `accepted; the service ${source.serviceName} ${state}`);
      const message = service && otherServiceType(source, service.serviceType);
      if (message !== undefined) yield { name: 'service', passed: false, mandatory: false, message };
    }
  } catch (error) {
    const late = `OpenMetadata at ${hostPort} was asked for ${waitedFor} and did not finish its answer`;
    yield failed(
      error instanceof AuthenticationError ? 'token' : step,
      inTime(error, signal, late, {
        seconds: timeoutMs / 1000,
        remedy: 'See whether the server, and each proxy on the way to it, is well.',
      })
    );
  }
}

async function* checkSource(
  connections: Connections,
  checked: CheckedFile,
  { onWarning = () => undefined, timeoutMs = CHECK_TIMEOUT_MS }: CheckOptions
): AsyncIterable<CheckResult> {
  const signal = AbortSignal.timeout(timeoutMs);
  const context = {
    runTag: runTag(`check ${randomUUID()}`),
    signal,
    onStatement: () => undefined,
    onWarning,
  };
  try {
    yield* workOf(checked.recipe.kind).commands.check(checked, connections, context);
  } catch (error) {
    const late = `What is tried on the source of ${checked.recipe.source.serviceName} did not end`;
    yield failed(
      'connection',
      inTime(error, signal, late, {
        seconds: timeoutMs / 1000,
        remedy: 'See whether the source, and what is between it and here, is well.',
      })
    );
  }
}

/** The same error; for the end of the time, which says nothing, one that says what was waited for. */
function inTime(
  error: unknown,
  signal: AbortSignal,
  late: string,
  { seconds, remedy }: { readonly seconds: number; readonly remedy: string }
): unknown {
  if (!signal.aborted || error instanceof IngestionError) return error;
  return new TransientError(`${late} within ${seconds} s.`, { remedy, cause: error });
}

function found(name: string, message: string): CheckResult {
  return { name, passed: true, mandatory: true, message };
}

/** @throws errors that come from neither end, but from a bug in this program */
function failed(name: string, error: unknown): CheckResult {
  if (!(error instanceof IngestionError)) throw error;
  const { message, where, remedy } = error;
  const place = where === undefined || message.includes(where) ? '' : ` (at ${where})`;
  return {
    name,
    passed: false,
    mandatory: true,
    message: `${message}${place}`,
    error,
    ...(remedy === undefined ? {} : { remedy }),
  };
}
