import { beginning, PermanentError, TransientError } from '../../../errors/index.js';
import type { SourceContext } from '../../source.js';
import type { SnowflakeConnectionConfig } from '../config.js';
import { planConnection, type ConnectionPlan } from './connection-options.js';
import { loadDriver, type Driver, type DriverConnection } from './driver.js';
import { withKeyFiles } from './key-files.js';
import { toIngestionError } from '../errors.js';
import { grantWarehouse } from '../catalog/grants.js';
import { quoteName } from '../catalog/identifiers.js';
import * as queries from '../catalog/queries.js';
import { Session } from './session.js';

/** Snowflake's limit for QUERY_TAG. */
const LONGEST_QUERY_TAG = 2_000;
/** Megabytes, the smallest Snowflake accepts; its default of 160 is what lets the driver run out of memory. */
const RESULT_CHUNK_SIZE = 16;

/** Whose session this is and where, as Snowflake sees it. */
export interface Identity {
  readonly role: string;
  readonly warehouse: string;
  /** Lower case, as in Snowsight's addresses; undefined where Snowflake does not say. */
  readonly organization?: string;
  readonly account?: string;
  readonly version: string;
}

export interface OpenedConnection {
  readonly session: Session;
  readonly identity: Identity;
}

/**
 * Logs in, sets the session's parameters and makes sure that the role and the warehouse of the recipe are in use.
 * @throws AuthenticationError, PermanentError or TransientError, each saying what to do about it
 */
export async function openConnection(
  config: SnowflakeConnectionConfig,
  context: SourceContext,
  driver?: Driver
): Promise<OpenedConnection> {
  const plan = planConnection(config);
  if (plan.ignored.length > 0) {
    context.onWarning(
      `Not used by the Snowflake driver here, ignored: ${plan.ignored.map((name) => `connectionArguments.${name}`).join(', ')}.`
    );
  }
  const connection = await login(
    { ...plan, driver: await withKeyFiles(plan.driver) },
    config.account,
    context,
    driver ?? (await loadDriver())
  );
  const session = new Session(connection, context, plan.networkTimeout);
  try {
    await session.all(queries.alterSession(sessionParameters(plan, config, context)));
    return { session, identity: await identify(session, config) };
  } catch (error) {
    await session.close();
    throw error;
  }
}

async function login(
  plan: ConnectionPlan,
  account: string,
  context: SourceContext,
  driver: Driver
): Promise<DriverConnection> {
  const doing = `logging in to Snowflake account ${account}`;
  const { signal } = context;
  signal.throwIfAborted();
  let connection: DriverConnection;
  try {
    connection = driver.createConnection(plan.driver);
  } catch (error) {
    throw toIngestionError(error, doing);
  }
  await new Promise<void>((resolve, reject) => {
    let state: 'waiting' | 'open' | 'given up' = 'waiting';
    const done = (error?: unknown): void => {
      const failed = error !== undefined && error !== null;
      // A login that was given up on may still succeed: its session must not stay open.
      if (state === 'given up' && !failed) connection.destroy(() => undefined);
      if (state !== 'waiting') return;
      state = failed ? 'given up' : 'open';
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      if (!failed) resolve();
      else reject(error instanceof Error && signal.aborted ? error : toIngestionError(error, doing));
    };
    const abort = (): void => done(signal.reason);
    const timer = setTimeout(() => {
      done(
        new TransientError(`${doing}: no answer within ${plan.loginTimeout / 1000} s.`, {
          remedy: 'Raise connectionArguments.login_timeout if the way there is slow.',
        })
      );
    }, plan.loginTimeout);
    signal.addEventListener('abort', abort, { once: true });
    connection.connectAsync(done).catch(done);
  });
  return connection;
}

function sessionParameters(
  plan: ConnectionPlan,
  config: SnowflakeConnectionConfig,
  context: SourceContext
): Record<string, string | number | boolean> {
  return {
    QUERY_TAG: beginning(config.queryTag ?? context.runTag, LONGEST_QUERY_TAG),
    STATEMENT_TIMEOUT_IN_SECONDS: Math.ceil(plan.networkTimeout / 1000),
    ABORT_DETACHED_QUERY: true,
    CLIENT_RESULT_CHUNK_SIZE: RESULT_CHUNK_SIZE,
    // Names are sent quoted in their stored case.
    QUOTED_IDENTIFIERS_IGNORE_CASE: false,
    TIMEZONE: 'UTC',
    ...plan.sessionParameters,
  };
}

async function identify(session: Session, config: SnowflakeConnectionConfig): Promise<Identity> {
  const row = await session.one(queries.IDENTITY);
  const role = row?.optionalText('ROLE_NAME');
  if (row === undefined || role === undefined) {
    throw new PermanentError('The Snowflake session has no role.', {
      where: 'source.serviceConnection.config.role',
      remedy: `Set role in the recipe, or run ALTER USER ${quoteName(config.username)} SET DEFAULT_ROLE = ….`,
    });
  }
  const warehouse = row.optionalText('WAREHOUSE_NAME');
  if (warehouse === undefined) {
    throw new PermanentError(`Warehouse ${config.warehouse} does not exist, or role ${role} may not use it.`, {
      where: 'source.serviceConnection.config.warehouse',
      remedy: grantWarehouse(config.warehouse, role),
    });
  }
  const organization = row.optionalText('ORGANIZATION_NAME')?.toLowerCase();
  const account = row.optionalText('ACCOUNT_NAME')?.toLowerCase();
  return {
    role,
    warehouse,
    version: row.optionalText('VERSION') ?? 'unknown',
    ...(organization === undefined ? {} : { organization }),
    ...(account === undefined ? {} : { account }),
  };
}
