import {
  ClientSecretCredential,
  DefaultAzureCredential,
  type TokenCredential,
  type ClientSecretCredentialOptions,
} from '@azure/identity';
import { SecretClient, type SecretClientOptions } from '@azure/keyvault-secrets';
import { beginning } from '../../errors/index.js';
import { unresolved } from '../secret-source.js';
import { networkFault, lookupFailure, saidBy, codeOf, type LookupFault } from './lookup-failure.js';
import type { LoaderSettings } from './loader-settings.js';
import type { SecretManager } from './secret-manager.js';

/** For tests: where the vault and the login are, instead of Azure, and whom to trust. */
export interface AzureOverrides {
  readonly vaultUrl: string;
  readonly client: SecretClientOptions;
  readonly credential: ClientSecretCredentialOptions;
}

/** Azure's rule; anything else would call another host. */
const VAULT_NAME = /^[a-z][a-z0-9-]{1,22}[a-z0-9]$/i;
const VAULT = { env: 'AZURE_KEY_VAULT_NAME', airflow: 'AZURE_KEY_VAULT_NAME' };

/**
 * Azure Key Vault: the current version of a secret of vault AZURE_KEY_VAULT_NAME. @throws RecipeError when no vault is
 * named
 */
export function openAzureKeyVault(settings: LoaderSettings, overrides?: AzureOverrides): SecretManager {
  const vault = settings.required(VAULT, 'the name of the Key Vault');
  if (!VAULT_NAME.test(vault))
    throw unresolved(
      `${settings.nameOf(VAULT) ?? VAULT.env} is ${JSON.stringify(beginning(vault, 60))}, which isn't the name of a Key Vault: 3 to 24 letters, digits and hyphens, such as shop-vault of https://shop-vault.vault.azure.net.`
    );
  const credential = credentialOf(settings, overrides?.credential);
  const client = new SecretClient(
    overrides?.vaultUrl ?? `https://${vault}.vault.azure.net`,
    credential,
    overrides?.client
  );
  return {
    read: async (id, abortSignal) => {
      const { value } = await client.getSecret(id, { abortSignal }).catch((error: unknown) => {
        throw lookupFailure({
          id,
          place: `Azure Key Vault ${vault}`,
          fault: faultOf(error),
          said: saidOf(error),
          right: 'the role Key Vault Secrets User (or an access policy with secrets/get)',
          identity: 'AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, a workload identity, or a managed one',
          settings: `the name of the vault (${settings.nameOf(VAULT) ?? VAULT.env})`,
        });
      });
      return value ?? '';
    },
  };
}

/** Loader airflow names an application; the others use the SDK's chain. */
function credentialOf(settings: LoaderSettings, options: ClientSecretCredentialOptions = {}): TokenCredential {
  const [tenant, client, secret] =
    settings.together(
      { airflow: 'AZURE_TENANT_ID' },
      { airflow: 'AZURE_CLIENT_ID' },
      { airflow: 'AZURE_CLIENT_SECRET' }
    ) ?? [];
  return tenant === undefined || client === undefined || secret === undefined
    ? new DefaultAzureCredential(options)
    : new ClientSecretCredential(tenant, client, secret, options);
}

function faultOf(error: unknown): LookupFault {
  const status = statusOf(error);
  const name = error instanceof Error ? error.name : '';
  if (
    /^(CredentialUnavailableError|AuthenticationRequiredError|ChainedTokenCredential.*|AggregateAuthenticationError)$/.test(
      name
    )
  )
    return 'login';
  if (name === 'AuthenticationError') return status !== undefined && status >= 500 ? 'transient' : 'login';
  if (status === 401) return 'login';
  if (status === 403) return 'permission';
  if (status === 404) return 'absent';
  if (status === 400) return 'id';
  if (status === 429 || (status !== undefined && status >= 500)) return 'transient';
  return networkFault(error) ?? 'other';
}

function statusOf(error: unknown): number | undefined {
  return typeof error === 'object' && error !== null && 'statusCode' in error && typeof error.statusCode === 'number'
    ? error.statusCode
    : undefined;
}

function saidOf(error: unknown): string {
  const code = codeOf(error);
  const said = saidBy(error);
  return code === undefined || said.includes(code) ? said : `${code}: ${said}`;
}
