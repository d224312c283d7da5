import type { TLSSocket } from 'node:tls';
import { PermanentError } from '../../errors/index.js';
import {
  CloudSqlInstance,
  CLOUD_SQL_IP_TYPES,
  type CloudSqlInstanceOptions,
  type CloudSqlIpType,
} from './cloud-sql-instance.js';
import type { GcpCredentials } from './config-parts.js';
import { wrongKind } from './driver-arguments.js';
import { googleClient, googleToken } from './google-tokens.js';

const LOGIN = 'https://www.googleapis.com/auth/sqlservice.login';
const ADMIN = 'https://www.googleapis.com/auth/sqlservice.admin';
/** `project:region:instance`; the project of a domain has a colon itself. */
const INSTANCE = /^[^\s:/@[\]]+(?::[^\s:/@[\]]+){2,3}$/;

/** For tests: where the Admin API and the instances' proxies are, instead of Google's. */
export type CloudSqlPlaces = Pick<CloudSqlInstanceOptions, 'api' | 'port'>;

export interface CloudSqlRequest {
  readonly hostPort: string;
  readonly gcp: GcpCredentials;
  /** enableIamAuth: an access token instead of a password. */
  readonly iam: boolean;
  readonly ipType?: CloudSqlIpType;
  readonly connectTimeoutMs: number;
}

/** How an instance of Cloud SQL is reached. */
export interface CloudSqlWay {
  /** The password for a login by IAM: called before each connection. */
  readonly token?: () => Promise<string>;
  /** A connection to a named instance, inside which the driver connects; absent if hostPort is a host and a port. */
  readonly socket?: () => Promise<TLSSocket>;
}

export function isCloudSqlInstance(hostPort: string): boolean {
  return INSTANCE.test(hostPort);
}

/**
 * With `project:region:instance` as hostPort it connects as Google's connectors do, by IAM or with a password; with a
 * host and a port by IAM, over the connection's own TLS.
 * @throws PermanentError for a host and a port without enableIamAuth: then gcpConfig has no purpose
 */
export function cloudSql(
  { hostPort, gcp, iam, ipType, connectTimeoutMs }: CloudSqlRequest,
  places: CloudSqlPlaces = {}
): CloudSqlWay {
  const login = once(() => googleClient(gcp, LOGIN));
  const token = iam ? { token: async () => googleToken(await login()) } : {};
  if (!isCloudSqlInstance(hostPort)) {
    if (iam) return token;
    throw new PermanentError('gcpConfig is of no use for a host and a port with a password.', {
      where: 'source.serviceConnection.config.authType.gcpConfig',
      remedy:
        'Set enableIamAuth: true, or name the instance in hostPort (project:region:instance), or take gcpConfig out.',
    });
  }
  const instance = once(
    async () =>
      new CloudSqlInstance({
        name: hostPort,
        admin: await googleClient(gcp, ADMIN),
        ...(iam ? { login: await login() } : {}),
        ...(ipType === undefined ? {} : { ipType }),
        connectTimeoutMs,
        ...places,
      })
  );
  return { ...token, socket: async () => (await instance()).socket() };
}

/** @throws PermanentError when hostPort names an instance and nothing says which identity to use */
export function refuseInstanceName(hostPort: string): void {
  if (!isCloudSqlInstance(hostPort)) return;
  throw new PermanentError(`hostPort ${hostPort} names an instance of Cloud SQL, which needs authType.gcpConfig.`, {
    where: 'source.serviceConnection.config.hostPort',
    remedy: 'Add gcpConfig, for example `gcpConfig: {gcpConfig: {type: gcp_adc}}`, or write host:port.',
  });
}

/** Of connectionArguments. */
export function cloudSqlIpType(value: unknown, path: string): CloudSqlIpType {
  const type = CLOUD_SQL_IP_TYPES.find((each) => each === String(value).toUpperCase());
  if (type === undefined) throw wrongKind(path, `one of ${CLOUD_SQL_IP_TYPES.join(', ')}`);
  return type;
}

/** Created when first needed; tried again after a failure. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}
