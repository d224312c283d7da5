import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { unresolved } from '../secret-source.js';
import { awsClientConfig, awsFailure, regionOf, type AwsOverrides } from './aws-client.js';
import type { LoaderSettings } from './loader-settings.js';
import type { SecretManager } from './secret-manager.js';

/** AWS Secrets Manager: the current version's SecretString. @throws RecipeError when nothing names a region */
export async function openAwsSecretsManager(
  settings: LoaderSettings,
  overrides?: AwsOverrides
): Promise<SecretManager> {
  const client = new SecretsManagerClient(awsClientConfig(settings, overrides));
  const place = `AWS Secrets Manager in ${await regionOf(client, settings)}`;
  return {
    read: async (id, abortSignal) => {
      const answer = await client
        .send(new GetSecretValueCommand({ SecretId: id }), { abortSignal })
        .catch((error: unknown) => {
          throw awsFailure(error, { id, place, right: 'secretsmanager:GetSecretValue' });
        });
      if (answer.SecretString !== undefined) return answer.SecretString;
      throw unresolved(`secret:${id} in ${place} is binary. Store the secret as text (SecretString).`);
    },
  };
}
