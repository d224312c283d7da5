import type { Environment } from '../variables.js';
import { LoaderSettings } from './loader-settings.js';
import type { ManagedProvider, SecretManager, SecretsLoader } from './secret-manager.js';

/** Opens managers by provider; each SDK is loaded when its provider is first used. */
const OPENERS: Readonly<Record<ManagedProvider, (settings: LoaderSettings) => Promise<SecretManager>>> = {
  aws: async (settings) => (await import('./aws-secrets-manager.js')).openAwsSecretsManager(settings),
  'aws-ssm': async (settings) => (await import('./aws-parameter-store.js')).openAwsParameterStore(settings),
  'azure-kv': async (settings) => (await import('./azure-key-vault.js')).openAzureKeyVault(settings),
  gcp: async (settings) => (await import('./gcp-secret-manager.js')).openGcpSecretManager(settings),
  kubernetes: async (settings) => (await import('./kubernetes-secrets.js')).openKubernetesSecrets(settings),
};

/** @throws RecipeError when a setting is missing or unusable */
export function openManager(
  provider: ManagedProvider,
  loader: SecretsLoader,
  environment?: Environment
): Promise<SecretManager> {
  return OPENERS[provider](new LoaderSettings(loader, environment));
}
