import type { AuthClient, GoogleAuthOptions } from 'google-auth-library';
import { z } from 'zod';
import { AuthenticationError, beginning, PermanentError } from '../../errors/index.js';
import { FileRefused, readRegularFile, regularFilePath } from '../../reach/index.js';
import type { GcpCredentials } from './config-parts.js';

const WHERE = 'source.serviceConnection.config.authType.gcpConfig';
const REMEDY =
  'Give gcpConfig a service account, the path of its key file or an external account, or give every worker a Google identity (gcp_adc).';
/** What an identity needs to act for another one. */
const ANY_SCOPE = 'https://www.googleapis.com/auth/cloud-platform';

type Credentials = NonNullable<GoogleAuthOptions['credentials']>;

/** A client of Google's own library that adds the tokens of one identity and one scope to its requests. */
export type GoogleClient = Pick<AuthClient, 'getAccessToken' | 'request'>;

/**
 * The identity that a recipe's gcpConfig names: a service account, a file, an external account, else what the worker's
 * host provides; then the account in gcpImpersonateServiceAccount, if any. The library keeps a token until shortly
 * before it expires.
 * @throws PermanentError for credentials that can't be read; AuthenticationError when the host gives none
 */
export async function googleClient(gcp: GcpCredentials, scope: string): Promise<GoogleClient> {
  const { GoogleAuth, Impersonated } = await import('google-auth-library');
  const account = gcp.gcpImpersonateServiceAccount;
  const target = account?.impersonateServiceAccount;
  const credentials = await credentialsOf(gcp);
  return asLogin(async () => {
    const scopes = [target === undefined ? scope : ANY_SCOPE];
    const auth = new GoogleAuth({ scopes, ...(credentials === undefined ? {} : { credentials }) });
    const client = await auth.getClient();
    if (target === undefined || account === undefined) return client;
    return new Impersonated({
      sourceClient: client,
      targetPrincipal: target,
      targetScopes: [scope],
      lifetime: account.lifetime,
    });
  });
}

/** @throws AuthenticationError when no token can be got */
export async function googleToken(client: GoogleClient): Promise<string> {
  return asLogin(async () => {
    const { token } = await client.getAccessToken();
    if (typeof token !== 'string' || token === '') throw new Error('there is none');
    return token;
  });
}

/** Only the first line of what Google says: the rest may quote the request. */
async function asLogin<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const said = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new AuthenticationError(`Google gives no access token: ${beginning(said, 300).replace(/\.$/, '')}.`, {
      where: WHERE,
      remedy: REMEDY,
    });
  }
}

/**
 * undefined: the library's own chain (GOOGLE_APPLICATION_CREDENTIALS, the host's service account, a workload identity).
 */
async function credentialsOf({ gcpConfig: gcp }: GcpCredentials): Promise<Credentials | undefined> {
  switch (gcp.type) {
    case 'gcp_adc':
      return undefined;
    case 'gcp_credential_path':
      return gcp.path === undefined ? undefined : credentialsFile(gcp.path);
    case 'service_account':
      if (gcp.clientEmail === undefined || gcp.privateKey === undefined)
        throw new PermanentError('The service account in gcpConfig needs clientEmail and privateKey.', {
          where: WHERE,
        });
      return {
        type: gcp.type,
        client_email: gcp.clientEmail,
        private_key: gcp.privateKey.replaceAll('\\n', '\n'),
        ...(gcp.privateKeyId === undefined ? {} : { private_key_id: gcp.privateKeyId }),
      };
    case 'external_account': {
      const { audience, subjectTokenType, tokenURL, credentialSource = {} } = gcp;
      const file = credentialSource['file'];
      if (file !== undefined) await refused(file, () => regularFilePath(file));
      return {
        type: 'external_account',
        audience: audience ?? '',
        subject_token_type: subjectTokenType ?? 'urn:ietf:params:oauth:token-type:jwt',
        token_url: tokenURL ?? 'https://sts.googleapis.com/v1/token',
        credential_source: credentialSource,
      };
    }
  }
}

const keyFile = z.looseObject({ type: z.string() });

/** As written by Google's console and `gcloud`. */
async function credentialsFile(path: string): Promise<Credentials> {
  const text = await refused(path, async () => (await readRegularFile(path)).toString());
  let parsed: ReturnType<typeof keyFile.safeParse> | undefined;
  try {
    parsed = keyFile.safeParse(JSON.parse(text));
  } catch {
    // not even JSON: its content is nobody's business
  }
  if (parsed?.success !== true)
    throw new PermanentError(`gcpConfig.path names ${path}, which isn't a file of Google credentials.`, {
      where: WHERE,
      remedy: REMEDY,
    });
  return parsed.data;
}

async function refused<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    throw new PermanentError(`gcpConfig names the file ${path}, which ${error.message}.`, { where: WHERE });
  }
}
