import type { Agent } from 'node:https';
import { SecretManagerServiceClient, type protos } from '@google-cloud/secret-manager';
import { z } from 'zod';
import { IngestionError } from '../../errors/index.js';
import { unresolved } from '../secret-source.js';
import { crc32c } from './crc32c.js';
import type { LoaderSettings } from './loader-settings.js';
import { codeOf, lookupFailure, networkFault, saidBy, type LookupFault } from './lookup-failure.js';
import type { SecretManager } from './secret-manager.js';

/** For tests: where the service is, instead of Google's, and an agent that trusts it. */
export interface GcpOverrides {
  readonly apiEndpoint: string;
  readonly port: number;
  readonly agent: Agent;
}

const PROJECT = { env: 'GOOGLE_CLOUD_PROJECT', airflow: 'PROJECT_ID' };
/** For the first attempt, including its repeats. Milliseconds. */
const TIMEOUT_MS = 20_000;

/**
 * Google Secret Manager: the latest version of a secret, whose checksum is verified. The calls are REST, so that gRPC
 * isn't loaded.
 * @throws RecipeError when nothing names the project
 */
export async function openGcpSecretManager(settings: LoaderSettings, overrides?: GcpOverrides): Promise<SecretManager> {
  let client = clientOf(overrides);
  const project = await projectOf(settings, client);
  const name = `Google Secret Manager, project ${project},`;
  return {
    read: async (id) => {
      // An id with slashes would name something else.
      const version = `projects/${project}/secrets/${encodeURIComponent(id)}/versions/latest`;
      let loggedIn = false;
      try {
        // By itself a call logs in beside its answer, and a login that fails there would end the process.
        await client.initialize();
        loggedIn = true;
        const [answer] = await client.accessSecretVersion({ name: version }, { timeout: TIMEOUT_MS });
        return textOf(answer.payload ?? {}, id, name);
      } catch (error) {
        if (error instanceof IngestionError) throw error;
        const found = faultOf(error);
        const fault = found === 'other' && !loggedIn ? 'login' : found;
        // this client keeps the identity that was refused
        if (fault === 'login') client = clientOf(overrides);
        throw lookupFailure({
          id,
          place: name,
          fault,
          said: saidOf(error),
          right: 'the role roles/secretmanager.secretAccessor',
          identity: 'GOOGLE_APPLICATION_CREDENTIALS, the service account of its machine, or a workload identity',
          settings: `the project (${settings.nameOf(PROJECT) ?? "that of the worker's credentials"})`,
        });
      }
    },
  };
}

function clientOf({ agent, ...endpoint }: Partial<GcpOverrides> = {}): SecretManagerServiceClient {
  const client = new SecretManagerServiceClient({ ...endpoint, fallback: true });
  useAgent(client, agent);
  return client;
}

/** The SDK's REST calls use an agent that ignores HTTPS_PROXY; without it, its HTTP client uses the proxy. */
function useAgent({ auth }: SecretManagerServiceClient, agent: Agent | undefined): void {
  const fetch = auth.fetch.bind(auth);
  auth.fetch = (...call) => {
    for (const part of call) {
      if (typeof part !== 'object' || part === null || !('agent' in part)) continue;
      if (agent === undefined) Reflect.deleteProperty(part, 'agent');
      else Reflect.set(part, 'agent', agent);
    }
    return fetch(...call);
  };
}

async function projectOf(settings: LoaderSettings, client: SecretManagerServiceClient): Promise<string> {
  if (settings.loader !== 'noop') return settings.required(PROJECT, 'the Google Cloud project');
  try {
    return await client.getProjectId();
  } catch (error) {
    throw unresolved(
      `the worker's Google credentials tell no project (${saidBy(error)}). Write secretsManagerLoader: env and set GOOGLE_CLOUD_PROJECT, or give every worker GOOGLE_APPLICATION_CREDENTIALS.`
    );
  }
}

function textOf(
  { data, dataCrc32c }: protos.google.cloud.secretmanager.v1.ISecretPayload,
  id: string,
  place: string
): string {
  const bytes = typeof data === 'string' ? Buffer.from(data, 'base64') : Buffer.from(data ?? []);
  if (dataCrc32c !== undefined && dataCrc32c !== null && Number(dataCrc32c) !== crc32c(bytes)) {
    throw unresolved(`secret:${id} of ${place} came damaged: its checksum is another. Start the run again.`);
  }
  return bytes.toString('utf8');
}

const FAULTS: Readonly<Record<number, LookupFault>> = { 400: 'id', 401: 'login', 403: 'permission', 404: 'absent' };

/** The body of a refusal, which the SDK gives as the error's message. */
const refusal = z.object({ error: z.object({ code: z.number(), message: z.string() }) });

function refusalOf(error: unknown): z.infer<typeof refusal>['error'] | undefined {
  try {
    return refusal.parse(JSON.parse(saidBy(error))).error;
  } catch {
    return undefined;
  }
}

function faultOf(error: unknown): LookupFault {
  const code = refusalOf(error)?.code;
  if (code !== undefined) return FAULTS[code] ?? (code === 429 || code >= 500 ? 'transient' : 'other');
  // the last one is of a key file whose private key is none
  const isOfLogin =
    /default credentials|invalid_grant|Could not refresh access token/i.test(saidBy(error)) ||
    /^ERR_OSSL/.test(codeOf(error) ?? '');
  return isOfLogin ? 'login' : (networkFault(error) ?? 'other');
}

function saidOf(error: unknown): string {
  const refused = refusalOf(error);
  if (refused !== undefined) return `${refused.code}: ${refused.message}`;
  const code = codeOf(error);
  const said = saidBy(error);
  return code === undefined || said.includes(code) ? said : `${code}: ${said}`;
}
