import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { awsClientConfig, awsFailure, regionOf, type AwsOverrides } from './aws-client.js';
import type { LoaderSettings } from './loader-settings.js';
import type { SecretManager } from './secret-manager.js';

/** Parameters of AWS Systems Manager, decrypted. @throws RecipeError when nothing names a region */
export async function openAwsParameterStore(
  settings: LoaderSettings,
  overrides?: AwsOverrides
): Promise<SecretManager> {
  const client = new SSMClient(awsClientConfig(settings, overrides));
  const place = `AWS Parameter Store in ${await regionOf(client, settings)}`;
  return {
    read: async (id, abortSignal) => {
      const command = new GetParameterCommand({ Name: id, WithDecryption: true });
      const { Parameter } = await client.send(command, { abortSignal }).catch((error: unknown) => {
        throw awsFailure(error, { id, place, right: 'ssm:GetParameter (and kms:Decrypt on its key)' });
      });
      return Parameter?.Value ?? '';
    },
  };
}
