/**
 * The part of snowflake-sdk this connector uses, typed structurally so that tests can hand in a fake. The driver is
 * loaded when the first Snowflake connection is opened: it pulls in three cloud SDKs that other sources need not carry.
 */
import { createRequire } from 'node:module';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import { MOST_AT_ONCE_BYTES } from '../../common/endless-answer.js';

export interface DriverColumn {
  getName(): string;
  /** `real` of a double; `fixed` of a number with digits. */
  getType(): string;
  isNumber(): boolean;
  isDate(): boolean;
  isTime(): boolean;
  isTimestampNtz(): boolean;
  /** Of numbers and times, the digits of their fraction. */
  getScale(): number;
}

/** What one statement needs from the driver. */
export interface DriverStatement {
  /** Server's id of the statement, by which its result can be fetched again for a day. */
  getQueryId(): string;
  getNumRows(): number;
  /** @param options.start rows to skip at the beginning; chunks that hold no others are not downloaded. */
  streamRows(options?: { readonly start?: number; readonly fetchAsString?: 'Number'[] }): Readable;
  getColumns(): readonly DriverColumn[] | undefined;
  cancel(done?: (error: unknown) => void): void;
}

export interface DriverExecuteOptions {
  readonly sqlText: string;
  readonly binds?: (string | number)[];
  /** Rows are fetched by `streamRows`, not collected by the driver. */
  readonly streamResult: true;
  readonly complete: (error: unknown, statement: DriverStatement) => void;
}

export type DriverFetchOptions = Pick<DriverExecuteOptions, 'streamResult' | 'complete'> & { readonly queryId: string };

export interface DriverConnection {
  connectAsync(done?: (error: unknown) => void): Promise<unknown>;
  execute(options: DriverExecuteOptions): DriverStatement;
  /** The result of a statement that ran before, in this session or another one of the same user. */
  fetchResult(options: DriverFetchOptions): DriverStatement;
  destroy(done: (error: unknown) => void): void;
}

/** Plain values only: `connection-options.ts` makes them. */
export type DriverOptions = Readonly<Record<string, string | number | boolean>>;

export interface Driver {
  createConnection(options: DriverOptions): DriverConnection;
}

const SILENT = { error: ignore, warn: ignore, info: ignore, debug: ignore, trace: ignore };

/**
 * Loads snowflake-sdk with its own log off: it would write snowflake.log into the working directory and may name
 * statements. A custom logger is what keeps a user's sf_client_config.json from turning that file on again.
 */
export async function loadDriver(): Promise<Driver> {
  // Read at load time by the driver, which otherwise asks the cloud's metadata endpoints which platform it runs on.
  process.env['SNOWFLAKE_DISABLE_PLATFORM_DETECTION'] ??= 'true';
  // The driver carries an AWS SDK for stage transfers, which nags on stderr about Node versions.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const { default: snowflake } = await import('snowflake-sdk');
  boundAnswers();
  snowflake.configure({ logLevel: 'OFF', additionalLogToConsole: false, customLogger: SILENT });
  return { createConnection: (options) => snowflake.createConnection({ ...options }) };
}

/**
 * The driver collects each answer in memory, of any length, even after nobody waits for it any more; it has no option
 * for it, but its HTTP client does, which is its own and not shared with other packages.
 */
function boundAnswers(): void {
  let loaded: unknown;
  try {
    loaded = createRequire(import.meta.url)('snowflake-sdk/dist/lib/http/axios_instance.js');
  } catch {
    // A release of the driver that has it elsewhere works as before, without the bound; a test holds it for ours.
  }
  const http = httpClient.safeParse(loaded);
  if (http.success) http.data.default.defaults.maxContentLength = MOST_AT_ONCE_BYTES;
}

/** As it is, not a copy: its settings are changed. */
const httpClient = z.object({
  default: z.custom<{ readonly defaults: { maxContentLength?: number } }>(
    (client) => typeof client === 'function' && 'defaults' in client
  ),
});

function ignore(): void {
  // The log goes nowhere.
}
