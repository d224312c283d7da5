import { generateKeyPair, X509Certificate } from 'node:crypto';
import { checkServerIdentity, connect, type PeerCertificate, type TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { z } from 'zod';
import { AuthenticationError, beginning, PermanentError, TransientError } from '../../errors/index.js';
import { Secret } from '../../secrets/index.js';
import { certificateFault } from '../../tls/index.js';
import { googleToken, type GoogleClient } from './google-tokens.js';

/**
 * Where an instance of Cloud SQL is reached: by its public address, by one of a private network, or through a service
 * attachment.
 */
export const CLOUD_SQL_IP_TYPES = ['PUBLIC', 'PRIVATE', 'PSC'] as const;
export type CloudSqlIpType = (typeof CLOUD_SQL_IP_TYPES)[number];

export interface CloudSqlInstanceOptions {
  /** `project:region:instance`. */
  readonly name: string;
  /** Tokens of the identity that may see the instance (roles/cloudsql.client). */
  readonly admin: GoogleClient;
  /** Tokens of the identity that logs in to the database by IAM; absent with a password. */
  readonly login?: GoogleClient;
  /** Absent: the first that the instance has, in the order of CLOUD_SQL_IP_TYPES. */
  readonly ipType?: CloudSqlIpType;
  readonly connectTimeoutMs: number;
  /** For tests: instead of Google's. */
  readonly api?: string;
  readonly port?: number;
}

const API = 'https://sqladmin.googleapis.com';
/** Of the proxy on each instance. */
const PORT = 3307;
const REQUEST_TIMEOUT_MS = 20_000;
/** How long before a certificate expires, milliseconds. */
const EARLY_MS = 4 * 60_000;

const connectSettings = z.object({
  ipAddresses: z.array(z.object({ type: z.string(), ipAddress: z.string() })).default([]),
  dnsName: z.string().optional(),
  serverCaMode: z.string().optional(),
  serverCaCert: z.object({ cert: z.string() }),
});
const ephemeralCertificate = z.object({ ephemeralCert: z.object({ cert: z.string() }) });

interface Material {
  readonly host: string;
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  /** Milliseconds since the epoch. */
  readonly until: number;
  readonly checkServerIdentity: (name: string, certificate: PeerCertificate) => Error | undefined;
}

const makeKeyPair = promisify(generateKeyPair);

/**
 * Connections to an instance of Cloud SQL by its name, as Google's own connectors make them: the Admin API gives its
 * address and authority and signs our key for an hour; the connection uses TLS with certificates on both sides. The
 * database driver's own connection runs inside it.
 */
export class CloudSqlInstance {
  #material: Promise<Material> | undefined;

  constructor(private readonly options: CloudSqlInstanceOptions) {}

  /** @throws AuthenticationError, PermanentError, TransientError */
  async socket(): Promise<TLSSocket> {
    const material = await this.#current();
    try {
      return await this.#connect(material);
    } catch (error) {
      // its authority or address may have changed: the next attempt asks again
      this.#material = undefined;
      throw error;
    }
  }

  async #current(): Promise<Material> {
    const known = await this.#material?.catch(() => undefined);
    if (known !== undefined && known.until > Date.now()) return known;
    const made = this.#make();
    this.#material = made;
    return made;
  }

  async #make(): Promise<Material> {
    const { name, login } = this.options;
    const settings = connectSettings.parse(await this.#ask('GET', '/connectSettings'));
    const host = this.#hostOf(settings);
    const { publicKey, privateKey } = await makeKeyPair('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const token = login === undefined ? {} : { access_token: new Secret(await googleToken(login)).reveal() };
    const signed = await this.#ask('POST', ':generateEphemeralCert', { public_key: publicKey, ...token });
    const { cert } = ephemeralCertificate.parse(signed).ephemeralCert;
    return {
      host,
      ca: settings.serverCaCert.cert,
      cert,
      key: new Secret(privateKey).reveal(),
      until: Date.parse(new X509Certificate(cert).validTo) - EARLY_MS,
      checkServerIdentity: (_name, certificate) => identityFault(name, settings, certificate),
    };
  }

  async #ask(method: 'GET' | 'POST', call: string, data?: object): Promise<unknown> {
    const { name, admin, api = API } = this.options;
    const { project, instance } = partsOf(name);
    const place = `/sql/v1beta4/projects/${encodeURIComponent(project)}/instances/${encodeURIComponent(instance)}`;
    try {
      const answer = await admin.request<unknown>({
        url: `${api}${place}${call}`,
        method,
        timeout: REQUEST_TIMEOUT_MS,
        ...(data === undefined ? {} : { data }),
      });
      return answer.data;
    } catch (error) {
      throw apiFault(error, name);
    }
  }

  #hostOf({ ipAddresses, dnsName }: z.infer<typeof connectSettings>): string {
    const hosts: Readonly<Record<CloudSqlIpType, string | undefined>> = {
      PUBLIC: ipAddresses.find(({ type }) => type === 'PRIMARY')?.ipAddress,
      PRIVATE: ipAddresses.find(({ type }) => type === 'PRIVATE')?.ipAddress,
      PSC: dnsName,
    };
    const there = CLOUD_SQL_IP_TYPES.filter((type) => hosts[type] !== undefined);
    const { ipType = there[0], name } = this.options;
    const host = ipType === undefined ? undefined : hosts[ipType];
    if (host !== undefined) return host;
    throw new PermanentError(`The Cloud SQL instance ${name} has no address of type ${ipType ?? 'any'}.`, {
      where: 'source.serviceConnection.config.connectionArguments.ip_type',
      remedy: `It has: ${there.join(', ') || 'none'}.`,
    });
  }

  #connect({ host, ca, cert, key, checkServerIdentity: check }: Material): Promise<TLSSocket> {
    const { connectTimeoutMs, port = PORT, name } = this.options;
    const place = `Cloud SQL ${name} (${host}:${port})`;
    return new Promise((resolve, reject) => {
      const socket = connect({ host, port, ca, cert, key, minVersion: 'TLSv1.3', checkServerIdentity: check });
      const fail = (error: Error): void => {
        socket.destroy();
        const fault = certificateFault(error, true);
        if (error instanceof PermanentError) reject(error);
        else if (fault === undefined) reject(new TransientError(`No connection to ${place}: ${error.message}`));
        else reject(new PermanentError(`The certificate of ${place} ${fault.text}.`));
      };
      const timer = setTimeout(
        () => fail(new Error(`it did not answer within ${connectTimeoutMs} ms`)),
        connectTimeoutMs
      );
      socket.once('error', fail);
      socket.once('secureConnect', () => {
        clearTimeout(timer);
        socket.off('error', fail);
        resolve(socket);
      });
      socket.once('close', () => clearTimeout(timer));
    });
  }
}

/** `project:region:instance`; the project of a domain has a colon itself. */
function partsOf(name: string): { project: string; instance: string } {
  const parts = name.split(':');
  return { project: parts.slice(0, -2).join(':'), instance: parts.at(-1) ?? '' };
}

/** Certificates of Google's older authorities name `project:instance`, those of the newer ones its DNS name. */
function identityFault(
  name: string,
  { serverCaMode, dnsName }: z.infer<typeof connectSettings>,
  certificate: PeerCertificate
): Error | undefined {
  const isOlder = serverCaMode === undefined || serverCaMode === '' || serverCaMode === 'GOOGLE_MANAGED_INTERNAL_CA';
  if (!isOlder) return checkServerIdentity(dnsName ?? name, certificate);
  const { project, instance } = partsOf(name);
  const found = String(certificate.subject.CN);
  if (found === `${project}:${instance}`) return undefined;
  return new PermanentError(
    `The certificate of Cloud SQL ${name} is made for ${beginning(found, 200)}, not for ${project}:${instance}.`
  );
}

const apiError = z.object({
  status: z.number().optional(),
  response: z.object({ status: z.number(), data: z.unknown() }).optional(),
});
const apiAnswer = z.object({ error: z.object({ message: z.string() }) });

function apiFault(error: unknown, name: string): Error {
  if (error instanceof AuthenticationError) return error;
  const { status, response } = apiError.safeParse(error).data ?? {};
  const code = response?.status ?? status;
  const said = apiAnswer.safeParse(response?.data).data?.error.message ?? (error instanceof Error ? error.message : '');
  const line = beginning(said.split('\n')[0] ?? '', 300).replace(/\.$/, '');
  const text = `Google's Cloud SQL Admin API does not tell how to reach ${name}${code === undefined ? '' : ` (${code})`}: ${line}.`;
  const where = 'source.serviceConnection.config.hostPort';
  if (code === 401 || code === 403)
    return new AuthenticationError(text, {
      where: 'source.serviceConnection.config.authType.gcpConfig',
      remedy:
        'Give the identity the role roles/cloudsql.client (and roles/cloudsql.instanceUser for IAM), and enable the Cloud SQL Admin API.',
    });
  if (code === 404 || code === 400)
    return new PermanentError(text, { where, remedy: 'Name the instance as project:region:instance.' });
  return new TransientError(text);
}
