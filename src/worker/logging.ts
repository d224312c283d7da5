import { DefaultLogger, type LogEntry, type LogLevel } from '@temporalio/worker';
import pino, { type Logger } from 'pino';
import pretty from 'pino-pretty';
import { harmlessLine, harmlessValue } from '../errors/index.js';
import { redact, redactValues } from '../secrets/index.js';
import type { WorkerSettings } from './settings.js';

/** The process's log, on stderr: stdout belongs to results. Every line is redacted, wherever it comes from. */
export function makeLogger(settings: Pick<WorkerSettings, 'logLevel' | 'logFormat'>): Logger {
  const sink =
    settings.logFormat === 'pretty'
      ? pretty({
          destination: 2,
          sync: true,
          singleLine: true,
          messageFormat: MESSAGE,
          ignore: SAID_OR_NOISE.join(','),
        })
      : pino.destination({ dest: 2, sync: true });
  return pino(
    // The SDK puts errors under `error`; the task token is long and of no use to people.
    { level: settings.logLevel, base: null, errorKey: 'error', redact: { paths: ['taskToken'], remove: true } },
    { write: (line: string) => void sink.write(redactLine(line, settings.logFormat === 'pretty')) }
  );
}

/** For people: the message comes first, then what it is about. */
const MESSAGE = '{msg}{if entity} ({entity}){end}{if activityType} ({activityType} of {workflowId}){end}';
/** Fields that such a line doesn't need: the message or the Temporal UI already shows them. */
const SAID_OR_NOISE = [
  ...[
    'entity',
    'activityType',
    'activityId',
    'attempt',
    'isLocal',
    'workflowId',
    'workflowRunId',
    'workflowType',
    'runId',
  ],
  ...['namespace', 'taskQueue', 'sdkComponent'],
];

/** Fields that hold names rather than free text. */
const NAMES: ReadonlySet<string> = new Set([
  ...['level', 'namespace', 'workflowId', 'workflowType', 'runId', 'pipelineRunId', 'activityId', 'activityType'],
  ...['taskQueue', 'storeQueue', 'sdkComponent'],
]);

/**
 * The line's keys stay as they are, even if a password happens to equal one.
 * @param pretty texts are printed as they are, and not as JSON: a line end in one must not begin a line of the log
 */
function redactLine(line: string, pretty: boolean): string {
  try {
    const fields = Object.entries(harmlessValue(redactValues(JSON.parse(line), NAMES)) as object) as [
      string,
      unknown,
    ][];
    const shown = fields.map(([key, value]) => [
      key,
      pretty && typeof value === 'string' ? harmlessLine(value) : value,
    ]);
    return `${JSON.stringify(Object.fromEntries(shown))}\n`;
  } catch {
    return redact(line);
  }
}

/** What the SDK says whenever a worker starts: it is true of every worker here and so tells nobody anything. */
const ALWAYS_SAID = /^(No (Nexus services|workflows) registered|Worker state changed)/;

/**
 * The same log in the form that Temporal's SDK expects. A line that carries its run's `loggerLevel` is measured by
 * that, others by the worker's level.
 * @param quiet only runs at DEBUG are logged, since whoever reads the log also sees progress and report
 */
export function temporalLogger(logger: Logger, quiet = false): DefaultLogger {
  const measured = LOGGER_LEVELS.filter((name) => !quiet || name === 'DEBUG');
  const ofRuns = new Map(measured.map((name) => [name, logger.child({}, { level: LEVELS[name] })]));
  return new DefaultLogger('TRACE', ({ level, message, meta }: LogEntry) => {
    const { loggerLevel, ...facts } = meta ?? {};
    const name = LOGGER_LEVELS.find((each) => each === loggerLevel);
    const target = (name === undefined ? undefined : ofRuns.get(name)) ?? logger;
    target[ALWAYS_SAID.test(message) ? 'debug' : LEVELS[level]](facts, message);
  });
}

const LOGGER_LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR'] as const;

const LEVELS: Readonly<Record<LogLevel, 'debug' | 'info' | 'warn' | 'error'>> = {
  TRACE: 'debug',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
};
