import type { ClientSecretCredentialOptions, TokenCredential } from '@azure/identity';
import type { z } from 'zod';
import { AuthenticationError } from '../../errors/index.js';
import type { azureCredentials } from './config-parts.js';

export type AzureCredentials = z.infer<typeof azureCredentials>;

/** What Azure's databases for MySQL and PostgreSQL take tokens for. */
const DATABASES = 'https://ossrdbms-aad.database.windows.net/.default';

/**
 * Entra ID tokens for Azure's databases, used as passwords: for the application in azureConfig, else from the SDK's own
 * chain (variables, workload identity, managed identity). The SDK keeps a token until shortly before it expires.
 * @param options for tests: where the login is, instead of Azure's
 * @returns called before each connection; throws AuthenticationError when no token can be got
 */
export function azureTokens(
  azure: AzureCredentials,
  options: ClientSecretCredentialOptions = {}
): () => Promise<string> {
  const scopes = (azure.scopes ?? DATABASES)
    .split(',')
    .map((scope) => scope.trim())
    .filter((scope) => scope !== '');
  let credential: Promise<TokenCredential> | undefined;
  return async () => {
    try {
      credential ??= credentialOf(azure, options);
      const token = await (await credential).getToken(scopes);
      if (token === null) throw new Error('there is none');
      return token.token;
    } catch (error) {
      const said = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
      throw new AuthenticationError(`Entra ID gives no access token: ${said.replace(/\.$/, '')}.`, {
        where: 'source.serviceConnection.config.authType.azureConfig',
        remedy: 'Check tenantId, clientId and clientSecret, or give every worker an Azure identity.',
      });
    }
  };
}

async function credentialOf(
  { tenantId, clientId, clientSecret }: AzureCredentials,
  options: ClientSecretCredentialOptions
): Promise<TokenCredential> {
  const { ClientSecretCredential, DefaultAzureCredential } = await import('@azure/identity');
  return tenantId === undefined || clientId === undefined || clientSecret === undefined
    ? new DefaultAzureCredential(options)
    : new ClientSecretCredential(tenantId, clientId, clientSecret, options);
}
