import { DefaultLogger, type LogEntry, type LogLevel } from '@temporalio/worker';
import pino, { type Logger } from 'pino';
import pretty from 'pino-pretty';
import { harmlessValue } from '../errors/index.js';
import { redact, redactValues } from '../secrets/index.js';
import type { WorkerSettings } from './settings.js';

/** The process's log, on stderr: stdout belongs to results. Every line passes redaction, whoever wrote it. */
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
    { write: (line: string) => void sink.write(redactLine(line)) }
  );
}

/** For people: what it is about follows the message. */
const MESSAGE = '{msg}{if entity} ({entity}){end}{if activityType} ({activityType} of {workflowId}){end}';
/** Fields that such a line has no need of: they are in the message, or the Temporal UI has them. */
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

/** Fields of a line with names instead of free text. */
const NAMES: ReadonlySet<string> = new Set([
  ...['level', 'namespace', 'workflowId', 'workflowType', 'runId', 'pipelineRunId', 'activityId', 'activityType'],
  ...['taskQueue', 'storeQueue', 'sdkComponent'],
]);

/** Keys of the line stay as they are, even if a password equals one. */
function redactLine(line: string): string {
  try {
    return `${JSON.stringify(harmlessValue(redactValues(JSON.parse(line), NAMES)))}\n`;
  } catch {
    return redact(line);
  }
}

/** What the SDK says about each worker at its start: it is true of every worker here, so nobody needs it. */
const ALWAYS_SAID = /^(No (Nexus services|workflows) registered|Worker state changed)/;

/**
 * The same log as Temporal's SDK wants it. A line that carries its run's `loggerLevel` is measured by that, others by
 * the worker's level.
 * @param quiet only a run at DEBUG is, since whoever looks at the log sees its progress and report besides
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
