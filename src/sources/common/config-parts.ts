/** Pieces that the connection models of several connectors share. */
import { z } from 'zod';
import { filterPattern } from '../../filters/index.js';
import { withoutEffect } from './no-effect.js';
import { secretLeaf } from '../../secrets/index.js';

export const connectionOptions = z
  .record(z.string(), z.string())
  .describe('Further options of the connection URL. Values of keys that read like secrets are treated as secrets.');

export const connectionArguments = z
  .record(z.string(), z.unknown())
  .describe('Further arguments of the driver. Values of keys that read like secrets are treated as secrets.');

const uiPattern = withoutEffect(
  z.exactOptional(filterPattern),
  'it fills the form of the OpenMetadata UI only, and runs read the patterns of sourceConfig.'
);

/** Patterns that only serve the form in OpenMetadata's UI. */
export const uiFilterPatterns = {
  schemaFilterPattern: uiPattern,
  tableFilterPattern: uiPattern,
  databaseFilterPattern: uiPattern,
  storedProcedureFilterPattern: uiPattern,
};

/** A flag that tells the OpenMetadata UI what to offer; no run reads it. */
export function supportsFlag(byDefault = true): z.ZodDefault<z.ZodBoolean> {
  return z.boolean().default(byDefault).describe('Tells the OpenMetadata UI what to offer.');
}

/** What they say of a database whose rows and statements can be read. */
export const WAREHOUSE_FLAGS = [
  'MetadataExtraction',
  'UsageExtraction',
  'LineageExtraction',
  'DBTExtraction',
  'Profiler',
  'QueryComment',
  'DataDiff',
] as const;

/** Those flags, by what they say is supported, on by default. */
export function supportsFlags<Name extends string>(
  ...names: readonly Name[]
): Record<`supports${Name}`, z.ZodDefault<z.ZodBoolean>> {
  return Object.fromEntries(names.map((name) => [`supports${name}`, supportsFlag()])) as Record<
    `supports${Name}`,
    z.ZodDefault<z.ZodBoolean>
  >;
}

export const sampleDataStorageConfig = withoutEffect(
  z.strictObject({ config: z.exactOptional(z.record(z.string(), z.unknown())) }).meta({
    title: 'sampleDataStorageConfig',
  })
);

export const awsCredentials = z
  .strictObject({
    enabled: z.boolean().default(false).describe('Tells the OpenMetadata UI to show the form.'),
    awsRegion: z.string().min(1),
    awsAccessKeyId: z.exactOptional(z.string()),
    awsSecretAccessKey: z.exactOptional(secretLeaf()),
    awsSessionToken: z.exactOptional(secretLeaf()),
    endPointURL: z.exactOptional(z.url()),
    profileName: z.exactOptional(z.string()),
    assumeRoleArn: z.exactOptional(z.string()),
    assumeRoleSessionName: z.string().default('OpenMetadataSession'),
    assumeRoleSourceIdentity: z.exactOptional(z.string()),
  })
  .meta({ title: 'AWS credentials' });

export type AwsCredentials = z.infer<typeof awsCredentials>;

export const azureCredentials = z
  .strictObject({
    clientId: z.exactOptional(z.string()),
    clientSecret: z.exactOptional(secretLeaf()),
    tenantId: z.exactOptional(z.string()),
    accountName: z.exactOptional(z.string()),
    vaultName: z.exactOptional(z.string()),
    scopes: z.exactOptional(z.string()).describe('Comma-separated scopes of the access token.'),
  })
  .meta({ title: 'Azure credentials' });

const projectId = z.exactOptional(z.union([z.string(), z.array(z.string())]));

const gcpServiceAccount = z
  .strictObject({
    type: z.literal('service_account'),
    projectId,
    privateKeyId: z.exactOptional(z.string()),
    privateKey: z.exactOptional(secretLeaf()),
    clientEmail: z.exactOptional(z.string()),
    clientId: z.exactOptional(z.string()),
    authUri: z.url().default('https://accounts.google.com/o/oauth2/auth'),
    tokenUri: z.url().default('https://oauth2.googleapis.com/token'),
    authProviderX509CertUrl: z.url().default('https://www.googleapis.com/oauth2/v1/certs'),
    clientX509CertUrl: z.exactOptional(z.url()),
  })
  .meta({ title: 'GCP service account' });

const gcpCredentialsPath = z
  .strictObject({ type: z.literal('gcp_credential_path'), path: z.exactOptional(z.string()), projectId })
  .meta({ title: 'GCP credentials file' });

const gcpExternalAccount = z
  .strictObject({
    type: z.literal('external_account'),
    externalType: z.literal('external_account').default('external_account'),
    audience: z.exactOptional(z.string()),
    subjectTokenType: z.exactOptional(z.string()),
    tokenURL: z.exactOptional(z.string()),
    credentialSource: z.exactOptional(z.record(z.string(), z.string())),
  })
  .meta({ title: 'GCP external account' });

const gcpDefaultCredentials = z
  .strictObject({ type: z.literal('gcp_adc'), projectId })
  .meta({ title: 'GCP application default credentials' });

export const sslConfig = z
  .strictObject({
    caCertificate: z.exactOptional(secretLeaf('PEM text of the authority that signed the server certificate.')),
    sslCertificate: z.exactOptional(secretLeaf('PEM text of the client certificate.')),
    sslKey: z.exactOptional(secretLeaf('PEM text of the private key of the client certificate.')),
  })
  .meta({
    title: 'sslConfig',
    description: 'PEM texts, or references to them: `caCertificate`, `sslCertificate`, `sslKey`.',
  });

export type SslConfig = z.infer<typeof sslConfig>;

export const gcpCredentials = z
  .strictObject({
    gcpConfig: z.discriminatedUnion('type', [
      gcpServiceAccount,
      gcpCredentialsPath,
      gcpExternalAccount,
      gcpDefaultCredentials,
    ]),
    gcpImpersonateServiceAccount: z.exactOptional(
      z.strictObject({
        impersonateServiceAccount: z.exactOptional(z.string()),
        lifetime: z.int().default(3600).describe('Seconds.'),
      })
    ),
  })
  .meta({ title: 'GCP credentials' });

export type GcpCredentials = z.infer<typeof gcpCredentials>;
