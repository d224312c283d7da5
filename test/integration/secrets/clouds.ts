import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { startMoto } from '../../services/moto.js';
import { startRestServer, type RestAnswer, type RestCall } from './rest-server.js';

/** The names that Azure's and Google's SDKs call by themselves. */
const NAMES = [
  '*.vault.azure.net',
  'login.microsoftonline.com',
  'login.microsoft.com',
  'secretmanager.googleapis.com',
  'oauth2.googleapis.com',
];

/** A secret that none may read; of AWS, which moto plays, there is none of that name. */
export const DENIED = 'denied';

/** What Entra ID and Google give for the credentials. */
const ACCESS_TOKEN = 'sent1nel-token-of-the-cloud';

/**
 * Every secret manager, as a worker meets them at their own addresses: by way of a proxy, with an authority of the
 * test.
 */
export interface Clouds {
  /** For a worker with secretsManagerLoader env. */
  readonly env: Readonly<Record<string, string>>;
  /** What the identities of the worker log in with. */
  readonly credentials: Readonly<Record<string, string>>;
  /** Hosts that were asked for at the proxy. */
  readonly asked: ReadonlySet<string>;
  stop(): Promise<void>;
}

/** @param values of the secrets, by name; AWS's ids have `/om/` in front */
export async function startClouds(folder: string, values: Readonly<Record<string, string>>): Promise<Clouds> {
  const moto = await startMoto();
  const client = {
    endpoint: moto.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'moto', secretAccessKey: 'moto' },
  };
  for (const [name, value] of Object.entries(values)) {
    const id = `/om/${name}`;
    await new SecretsManagerClient(client).send(new CreateSecretCommand({ Name: id, SecretString: value }));
    await new SSMClient(client).send(new PutParameterCommand({ Name: id, Value: value, Type: 'SecureString' }));
  }
  const credentials = {
    AZURE_CLIENT_SECRET: 'sent1nel-azure-application',
    AWS_SECRET_ACCESS_KEY: 'sent1nel-aws-access-key',
    KUBERNETES_TOKEN: 'sent1nel-kubernetes-account',
    GOOGLE_KEY: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
      type: 'pkcs8',
      format: 'pem',
    }) as string,
  };
  const names = [...NAMES.map((name) => `DNS:${name}`), 'IP:127.0.0.1'].join(',');
  const server = await startRestServer((call) => answer(call, values, credentials.KUBERNETES_TOKEN), names);
  const file = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const account = {
    type: 'service_account',
    project_id: 'shop-project',
    private_key: credentials.GOOGLE_KEY,
    private_key_id: 'key-1',
    client_email: 'worker@shop-project.iam.gserviceaccount.com',
  };
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'c',
        cluster: { server: server.url, 'certificate-authority-data': Buffer.from(server.ca).toString('base64') },
      },
    ],
    users: [{ name: 'u', user: { token: credentials.KUBERNETES_TOKEN } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  };
  const proxy = await startTunnels(server.port);
  return {
    env: {
      HTTPS_PROXY: proxy.url,
      NO_PROXY: '127.0.0.1,localhost',
      NODE_EXTRA_CA_CERTS: file('cloud-ca.pem', server.ca),
      AWS_ENDPOINT_URL: moto.url,
      AWS_DEFAULT_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'moto',
      AWS_SECRET_ACCESS_KEY: credentials.AWS_SECRET_ACCESS_KEY,
      AZURE_KEY_VAULT_NAME: 'shop-vault',
      AZURE_TENANT_ID: '11111111-2222-3333-4444-555555555555',
      AZURE_CLIENT_ID: 'client-a',
      AZURE_CLIENT_SECRET: credentials.AZURE_CLIENT_SECRET,
      GOOGLE_CLOUD_PROJECT: 'shop-project',
      GOOGLE_APPLICATION_CREDENTIALS: file('google.json', JSON.stringify(account)),
      KUBERNETES_KUBECONFIG_PATH: file('kubeconfig', JSON.stringify(kubeconfig)),
      KUBERNETES_NAMESPACE: 'om',
    },
    credentials: { ...credentials, ACCESS_TOKEN, GOOGLE_KEY: credentials.GOOGLE_KEY.split('\n')[5] ?? '' },
    asked: proxy.asked,
    stop: async () => {
      await proxy.stop();
      await server.close();
      await moto.stop();
    },
  };
}

/**
 * The vault, Entra ID, Secret Manager, Google's login and the API server of a cluster in one: they are told apart by
 * their paths.
 */
function answer(
  { path, authorization }: RestCall,
  values: Readonly<Record<string, string>>,
  token: string
): RestAnswer {
  const base64 = (name: string): string => Buffer.from(values[name] ?? '').toString('base64');
  // Whoever is refused is told so with the credentials that came, as some gateways do.
  const denied = `not for ${authorization} or ${authorization?.toUpperCase()}`;
  const [, secret = ''] = /^\/secrets\/([^/]+)/.exec(path) ?? [];
  if (secret !== '') {
    const challenge =
      'Bearer authorization="https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555", resource="https://vault.azure.net"';
    if (authorization === undefined) return { status: 401, headers: { 'www-authenticate': challenge }, body: {} };
    if (secret === DENIED) return { status: 403, body: { error: { code: 'Forbidden', message: denied } } };
    if (values[secret] === undefined)
      return {
        status: 404,
        body: {
          error: {
            code: 'SecretNotFound',
            message: `A secret with (name/id) ${secret} was not found in this key vault.`,
          },
        },
      };
    return {
      body: { value: values[secret], id: `https://shop-vault.vault.azure.net/secrets/${secret}/1`, attributes: {} },
    };
  }
  const [, google = ''] = /^\/v1\/projects\/shop-project\/secrets\/([^/]+)\/versions\/latest:access$/.exec(path) ?? [];
  if (google === DENIED)
    return { status: 403, body: { error: { code: 403, status: 'PERMISSION_DENIED', message: denied } } };
  if (google !== '')
    return values[google] === undefined
      ? {
          status: 404,
          body: {
            error: {
              code: 404,
              status: 'NOT_FOUND',
              message: `Secret [projects/1/secrets/${google}] not found or has no versions.`,
            },
          },
        }
      : { body: { name: path, payload: { data: base64(google) } } };
  const [, kubernetes = ''] = /^\/api\/v1\/namespaces\/om\/secrets\/(.+)$/.exec(path) ?? [];
  if (kubernetes !== '') {
    const status = (code: number, message: string): RestAnswer => ({
      status: code,
      body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, code },
    });
    if (authorization !== `Bearer ${token}`) return status(401, 'Unauthorized');
    if (kubernetes === DENIED) return status(403, `secrets "${DENIED}" is forbidden: ${denied}`);
    if (values[kubernetes] === undefined) return status(404, `secrets "${kubernetes}" not found`);
    return {
      body: {
        kind: 'Secret',
        apiVersion: 'v1',
        metadata: { name: kubernetes, namespace: 'om' },
        data: { value: base64(kubernetes) },
      },
    };
  }
  if (path.endsWith('/token')) return { body: { token_type: 'Bearer', expires_in: 3600, access_token: ACCESS_TOKEN } };
  if (path.includes('/discovery/instance'))
    return {
      body: {
        tenant_discovery_endpoint: `https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0/.well-known/openid-configuration`,
        metadata: [],
      },
    };
  const at = 'https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555';
  return {
    body: {
      token_endpoint: `${at}/oauth2/v2.0/token`,
      authorization_endpoint: `${at}/oauth2/v2.0/authorize`,
      issuer: `${at}/v2.0`,
      jwks_uri: `${at}/keys`,
    },
  };
}

interface Tunnels {
  readonly url: string;
  readonly asked: Set<string>;
  stop(): Promise<void>;
}

/** A proxy that leads every tunnel to one server. */
async function startTunnels(port: number): Promise<Tunnels> {
  const asked = new Set<string>();
  const sockets = new Set<Socket>();
  const server = createServer((_, response) => response.writeHead(405).end());
  server.on('connect', (request, socket: Socket) => {
    asked.add((request.url ?? '').replace(/:443$/, ''));
    const behind = connect({ host: '127.0.0.1', port }, () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
    for (const [one, other] of [
      [socket, behind],
      [behind, socket],
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
