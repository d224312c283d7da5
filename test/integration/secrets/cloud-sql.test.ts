import { createServer } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { expect } from 'chai';
import { z } from 'zod';
import { IngestionError } from '../../../src/errors/index.js';
import { mysqlConnectionConfig } from '../../../src/sources/mysql/config.js';
import { connect as connectMysql, destroyConnection } from '../../../src/sources/mysql/connect.js';
import { mysqlSettings } from '../../../src/sources/mysql/settings.js';
import { postgresConnectionConfig } from '../../../src/sources/postgres/config.js';
import { connect as connectPostgres } from '../../../src/sources/postgres/connect.js';
import { postgresSettings } from '../../../src/sources/postgres/settings.js';
import { makeAuthority, type TestAuthority } from '../../services/certificates.js';
import { hasMariadb, startMariadb, type TestMariadb } from '../../services/mariadb.js';
import { hasPostgres, startPostgres, type TestPostgres } from '../../services/postgres.js';
import { startTlsFront, type TlsFront } from '../../services/tls-front.js';

const TOKEN = 'ya29.shop-token';
const ACCOUNT = 'worker@shop-project.iam.gserviceaccount.com';
const INSTANCE = 'shop-project:europe-west1:shop';
const SIGNAL = new AbortController().signal;
const BY_IAM = { enableIamAuth: true, gcpConfig: { gcpConfig: { type: 'gcp_adc' } } };

interface Google {
  readonly host: string;
  /** What was called, in order: `token`, `connectSettings`, `generateEphemeralCert`. */
  readonly calls: string[];
  /** Of the requests for certificates: whether they had a token. */
  readonly loginTokens: (string | undefined)[];
  /** Status of the Admin API. */
  status: number;
  /** False: the host has no service account. */
  hasAccount: boolean;
  close(): Promise<void>;
}

/** The metadata server of a host on Google's cloud, and the Admin API of Cloud SQL. */
async function startGoogle(authority: TestAuthority): Promise<Google> {
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const [status, body] = answer(request.url ?? '', request.headers.authorization, text);
      response.writeHead(status, { 'content-type': 'application/json', 'metadata-flavor': 'Google' });
      response.end(JSON.stringify(body));
    });
  });
  const answer = (url: string, authorization: string | undefined, text: string): [number, unknown] => {
    if (url.startsWith('/computeMetadata/')) {
      if (!url.includes('/token')) return [404, {}];
      google.calls.push('token');
      return google.hasAccount
        ? [200, { access_token: TOKEN, expires_in: 3600, token_type: 'Bearer' }]
        : [404, { error: 'no service account' }];
    }
    const call = /\/sql\/v1beta4\/projects\/shop-project\/instances\/shop[/:](\w+)$/.exec(url)?.[1] ?? 'unknown';
    google.calls.push(call);
    if (google.status !== 200)
      return [
        google.status,
        { error: { code: google.status, message: 'The client is not authorized to make this request.' } },
      ];
    if (authorization !== `Bearer ${TOKEN}`) return [401, { error: { message: 'no token' } }];
    if (call === 'connectSettings')
      return [
        200,
        { ipAddresses: [{ type: 'PRIMARY', ipAddress: '127.0.0.1' }], serverCaCert: { cert: authority.ca } },
      ];
    const asked = z.object({ public_key: z.string(), access_token: z.string().optional() }).parse(JSON.parse(text));
    google.loginTokens.push(asked.access_token);
    return [200, { ephemeralCert: { cert: authority.certify(asked.public_key) } }];
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const google: Google = {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: [],
    loginTokens: [],
    status: 200,
    hasAccount: true,
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
  return google;
}

describe('Cloud SQL', function () {
  this.timeout(240_000);
  let authority: TestAuthority;
  let google: Google;
  let mariadb: TestMariadb;
  let postgres: TestPostgres;
  const fronts: TlsFront[] = [];
  const folder = mkdtempSync(`${tmpdir()}/om-google-`);
  const environment = { ...process.env };

  before(async function () {
    if (!hasMariadb() || !hasPostgres()) return this.skip();
    authority = makeAuthority();
    google = await startGoogle(authority);
    Object.assign(process.env, {
      GCE_METADATA_HOST: google.host,
      METADATA_SERVER_DETECTION: 'assume-present',
      CLOUDSDK_CONFIG: folder,
    });
    delete process.env['GOOGLE_APPLICATION_CREDENTIALS'];
    const { certFile, keyFile } = authority.issue('mariadb');
    [mariadb, postgres] = await Promise.all([
      startMariadb({ arguments: [`--ssl-cert=${certFile}`, `--ssl-key=${keyFile}`] }),
      startPostgres({ settings: { log_line_prefix: 'cloud-sql ' } }),
    ]);
    await mariadb.run(
      `CREATE USER worker IDENTIFIED BY '${TOKEN}'; CREATE USER 'over-tls' IDENTIFIED BY '${TOKEN}' REQUIRE SSL`
    );
    await postgres.query(`CREATE ROLE "worker@shop-project.iam" LOGIN PASSWORD '${TOKEN}'`);
    await postgres.query(
      `COPY (SELECT 'local all all trust' UNION ALL SELECT 'host all all all scram-sha-256') TO '${postgres.folder}/data/pg_hba.conf'`
    );
    await postgres.query('SELECT pg_reload_conf()');
  });
  after(async () => {
    for (const name of [
      'GCE_METADATA_HOST',
      'METADATA_SERVER_DETECTION',
      'CLOUDSDK_CONFIG',
      'GOOGLE_APPLICATION_CREDENTIALS',
    ]) {
      const value = environment[name];
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    for (const front of fronts) await front.close();
    await mariadb?.stop();
    await postgres?.stop();
    await google?.close();
    authority?.remove();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    google.calls.length = 0;
    google.loginTokens.length = 0;
    google.status = 200;
    google.hasAccount = true;
  });

  /** The proxy of an instance, which takes none but clients with a certificate of the instance's authority. */
  async function instance(behind: string, name = 'shop-project:shop'): Promise<{ api: string; port: number }> {
    const { cert, key } = authority.issue(name, { names: 'DNS:not-looked-at.example.com' });
    const front = await startTlsFront(behind, {
      cert,
      key,
      ca: authority.ca,
      requestCert: true,
      rejectUnauthorized: true,
    });
    fronts.push(front);
    return { api: `http://${google.host}`, port: front.port };
  }

  const mysql = (more: object): Parameters<typeof mysqlSettings>[0] =>
    mysqlConnectionConfig.parse({ username: ACCOUNT, hostPort: INSTANCE, authType: BY_IAM, ...more });

  async function loginOnce(...given: Parameters<typeof mysqlSettings>): Promise<void> {
    const settings = await mysqlSettings(...given);
    for (let at = 0; at < 2; at += 1) destroyConnection(await connectMysql(settings, SIGNAL));
  }

  async function refusal(...given: Parameters<typeof mysqlSettings>): Promise<IngestionError> {
    try {
      await loginOnce(...given);
    } catch (error) {
      if (error instanceof IngestionError) return error;
      throw error;
    }
    throw new Error('it was let in');
  }

  it('lets a service account in by a token, at a host and a port over TLS', async () => {
    const sslConfig = { caCertificate: authority.ca };
    const hostPort = `localhost:${mariadb.port}`;
    await loginOnce(mysql({ username: 'over-tls@shop-project.iam', hostPort, sslConfig }));
    expect(google.calls).to.deep.equal(['token']);
    const plain = await refusal(mysql({ hostPort, connectionArguments: { ssl_disabled: true } }));
    expect(plain.message).to.equal('Tokens need TLS, but connectionArguments switch it off.');
    const useless = await refusal(mysql({ hostPort, authType: { gcpConfig: BY_IAM.gcpConfig, password: 'x' } }));
    expect(useless.describe()).to.contain('enableIamAuth: true');
  });

  it('lets it in at an instance that is named, for which Google certifies a key once an hour', async () => {
    const at = await instance(mariadb.hostPort);
    await loginOnce(mysql({}), at);
    expect(google.calls.filter((call) => call !== 'token')).to.deep.equal(['connectSettings', 'generateEphemeralCert']);
    expect(google.loginTokens).to.deep.equal([TOKEN]);
    expect(fronts.at(-1)?.certified).to.equal(2);
  });

  it('lets a user in at an instance with a password', async () => {
    const at = await instance(mariadb.hostPort);
    const authType = { password: mariadb.password, gcpConfig: BY_IAM.gcpConfig };
    await loginOnce(mysql({ username: mariadb.user, authType }), at);
    expect(google.loginTokens).to.deep.equal([undefined]);
  });

  it('lets a service account into PostgreSQL, too', async () => {
    const at = await instance(postgres.hostPort);
    const config = { username: ACCOUNT, hostPort: INSTANCE, database: 'postgres', authType: BY_IAM };
    const settings = await postgresSettings(postgresConnectionConfig.parse(config), at);
    const client = await connectPostgres(settings, 'postgres', 'test', SIGNAL);
    client.guard.expectRows(1);
    const { rows } = await client.query<{ who: string }>('SELECT current_user AS who');
    await client.end();
    expect(rows).to.deep.equal([{ who: 'worker@shop-project.iam' }]);
    expect(google.loginTokens).to.deep.equal([TOKEN]);
  });

  it('is refused in one line each: another instance, no right, no account, no address of the kind, no gcpConfig', async () => {
    const lines: string[] = [];
    const told = async (...given: Parameters<typeof mysqlSettings>): Promise<void> => {
      const error = await refusal(...given);
      lines.push(`${error.name}: ${error.describe()}`);
    };
    const at = await instance(mariadb.hostPort, 'shop-project:other');
    await told(mysql({}), at);
    await told(mysql({ connectionArguments: { ip_type: 'private' } }), at);
    google.status = 403;
    await told(mysql({}), at);
    google.hasAccount = false;
    await told(mysql({}), at);
    await told(mysql({ authType: { password: 'x' } }), at);
    const says = [
      /^PermanentError: The certificate of Cloud SQL shop-project:europe-west1:shop is made for shop-project:other, not for shop-project:shop/,
      /^PermanentError: The Cloud SQL instance .* has no address of type PRIVATE.*It has: PUBLIC\./,
      /^AuthenticationError: Google's Cloud SQL Admin API .* \(403\): The client is not authorized.*roles\/cloudsql\.client/,
      /^AuthenticationError: Google gives no access token: /,
      /^PermanentError: hostPort shop-project:europe-west1:shop names an instance of Cloud SQL, which needs authType\.gcpConfig/,
    ];
    expect(lines).to.have.length(says.length);
    lines.forEach((line, index) =>
      expect(line)
        .to.match(says[index] ?? /^$/)
        .and.not.include(TOKEN)
    );
  });
});
