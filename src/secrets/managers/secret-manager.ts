/** Providers of secretsManagerProvider whose secrets this program reads; `managed-…` means the same to a client. */
export const MANAGED_PROVIDERS = ['aws', 'aws-ssm', 'azure-kv', 'gcp', 'kubernetes'] as const;
export type ManagedProvider = (typeof MANAGED_PROVIDERS)[number];

/** Where the settings of a manager come from: its SDK alone, environment variables, or Airflow's names for them. */
export type SecretsLoader = 'noop' | 'env' | 'airflow';

/** openMetadataServerConfig's choice: `secretsManagerProvider` as written there, and `secretsManagerLoader`. */
export interface ManagerChoice {
  readonly provider: string;
  readonly loader: SecretsLoader;
}

/** A secret manager that is ready to be asked. It reads only. */
export interface SecretManager {
  /**
   * The value kept under `id`, which is what follows `secret:` in a reference.
   * @throws RecipeError when there is none or it may not be read, TransientError when asking again may help
   */
  read(id: string, signal: AbortSignal): Promise<string>;
}

/** What the client calls a provider: `managed-aws` is `aws`; undefined for those from which it can't read. */
export function managedProvider(provider: string): ManagedProvider | undefined {
  const plain = provider.replace(/^managed-/, '');
  return MANAGED_PROVIDERS.find((each) => each === plain);
}
