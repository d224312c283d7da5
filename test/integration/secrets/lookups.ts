import { RecipeError, TransientError } from '../../../src/errors/index.js';
import { LoaderSettings } from '../../../src/secrets/managers/loader-settings.js';
import type { SecretManager, SecretsLoader } from '../../../src/secrets/managers/secret-manager.js';
import { SecretManagers } from '../../../src/secrets/managers/secret-managers.js';

/** Where Airflow keeps the settings of a manager. */
export const AIRFLOW = 'AIRFLOW__OPENMETADATA_SECRETS_MANAGER__';

/** Makes a manager of the loader's settings, in an environment of its own: the test's, nothing else. */
export type Open = (settings: LoaderSettings) => SecretManager | Promise<SecretManager>;

/** How a look-up went: the value, or what became of it. */
export interface Lookup {
  readonly open: Open;
  readonly loader?: SecretsLoader;
  /** Variables of the worker: those of the loader, and those that the SDK reads from the process. */
  readonly env: Readonly<Record<string, string>>;
}

/** The value of a secret, by the way that connections take. */
export async function lookUp(id: string, { open, loader = 'env', env }: Lookup): Promise<string> {
  return withVariables(env, async () => {
    const managers = new SecretManagers(async () => open(new LoaderSettings(loader, env)));
    return (await managers.read(id, { provider: 'aws', loader })).reveal();
  });
}

/** The message of a look-up that fails for good. */
export async function refusalOf(id: string, lookup: Lookup): Promise<string> {
  const error = await failureOf(id, lookup);
  if (error instanceof RecipeError) return error.message.replace(/^recipe: /, '');
  throw error;
}

/** The message of a look-up that may be tried again. */
export async function delayOf(id: string, lookup: Lookup): Promise<string> {
  const error = await failureOf(id, lookup);
  if (error instanceof TransientError) return error.message;
  throw error;
}

async function failureOf(id: string, lookup: Lookup): Promise<unknown> {
  const value = await lookUp(id, lookup).catch((error: unknown) => ({ error }));
  if (typeof value === 'object') return value.error;
  throw new Error(`it was read: ${value}`);
}

/** Sets variables of this process for the length of `work`: SDKs read them by themselves. */
export async function withVariables<T>(env: Readonly<Record<string, string>>, work: () => Promise<T>): Promise<T> {
  const before = { ...process.env };
  for (const name of Object.keys(process.env)) if (SDK_VARIABLE.test(name)) delete process.env[name];
  Object.assign(process.env, env);
  try {
    return await work();
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  }
}

/** Nothing that the machine of the test has may answer for it. */
const SDK_VARIABLE = /^(AWS|AZURE|GOOGLE|GCLOUD|GCE|KUBE|IDENTITY|MSI)_?/;
