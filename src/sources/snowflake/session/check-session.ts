import { IngestionError } from '../../../errors/index.js';
import type { CheckResult, SourceContext } from '../../source.js';
import type { SnowflakeConnectionConfig } from '../config.js';
import { openConnection, type Identity } from './connection.js';
import type { Driver } from './driver.js';
import type { Session } from './session.js';

/**
 * The connection, its role and its warehouse, then what `steps` find with it; nothing else when there is no connection.
 */
export async function* checkInSession(
  config: SnowflakeConnectionConfig,
  context: SourceContext,
  driver: Driver | undefined,
  steps: (session: Session, identity: Identity) => AsyncIterable<CheckResult>
): AsyncGenerator<CheckResult> {
  let opened: { session: Session; identity: Identity };
  try {
    opened = await openConnection(config, context, driver);
  } catch (error) {
    context.signal.throwIfAborted();
    yield failed('connection', true, error);
    return;
  }
  const { session, identity } = opened;
  const place =
    [identity.organization, identity.account].filter((part) => part !== undefined).join('-') || config.account;
  try {
    yield passed('connection', true, `Logged in to ${place} (Snowflake ${identity.version}) as ${config.username}.`);
    yield passed('role', true, `Role ${identity.role} is in use.`);
    yield passed('warehouse', true, `Warehouse ${identity.warehouse} is in use.`);
    yield* steps(session, identity);
  } finally {
    await session.close();
  }
}

export function passed(name: string, mandatory: boolean, message: string): CheckResult {
  return { name, passed: true, mandatory, message };
}

/** @throws errors that aren't this program's */
export function failed(name: string, mandatory: boolean, error: unknown): CheckResult {
  if (!(error instanceof IngestionError)) throw error;
  return {
    name,
    passed: false,
    mandatory,
    message: error.message,
    ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
  };
}
