import { z } from 'zod';
import { filterPattern } from '../filters/index.js';
import { secretLeaf } from '../secrets/index.js';
import { withoutEffect } from '../sources/index.js';

const notRead = "these workflows don't read it.";
const flag = withoutEffect(z.boolean().default(true), notRead);

const sslConfig = z
  .strictObject({
    caCertificate: z
      .exactOptional(z.string())
      .describe('Authorities to trust, for verifySSL: validate: the path of a PEM file on the worker, or its text.'),
    sslCertificate: z
      .exactOptional(z.string())
      .describe('Client certificate, for servers that ask for one: the path of a PEM file on the worker, or its text.'),
    sslKey: z.exactOptional(
      secretLeaf('Private key of the client certificate: `file:/absolute/path.pem`, a variable, or the PEM text.')
    ),
  })
  .meta({
    title: 'sslConfig',
    description:
      '`caCertificate`: authorities to trust, for `verifySSL: validate`. `sslCertificate` and `sslKey`: client certificate, for every https address. PEM texts, or paths of PEM files.',
  });

/** `http(s)://host:port/api`, without credentials and without the version after it. */
const hostPort = z
  .string()
  .superRefine((text, context) => {
    const message = hostPortProblem(text);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  })
  .overwrite((text) => text.replace(/(?<!\/)\/+$/, ''))
  .describe('URL of the OpenMetadata API, ends in /api: http://localhost:8585/api.');

function hostPortProblem(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    return 'is not the URL of the OpenMetadata API, for example `http://localhost:8585/api`.';
  }
  if (url.username !== '' || url.password !== '')
    return 'has credentials in it. Remove them: the token goes into securityConfig.jwtToken.';
  const path = url.pathname.replace(/(?<!\/)\/+$/, '');
  if (path.endsWith('/api') && url.search === '' && url.hash === '') return undefined;
  const base = path.replace(/\/api\/v\d+$/, '');
  return `must end in /api. Write \`${url.origin}${base}/api\`.`;
}

/** How to reach the OpenMetadata server. */
export const openMetadataServerConfig = z
  .strictObject({
    hostPort,
    authProvider: z.literal('openmetadata').describe('Write `openmetadata`: the other ways to log in are for people.'),
    securityConfig: z
      .strictObject({
        jwtToken: secretLeaf('Token of a bot, or the path of a file on the worker that holds it.').min(1),
      })
      .meta({
        title: 'securityConfig',
        description: 'Write `securityConfig: {jwtToken: "${VARIABLE}"}` with the token of a bot.',
      }),
    apiVersion: z.literal('v1').default('v1').describe('The only version there is.'),
    verifySSL: z
      .enum(['no-ssl', 'ignore', 'validate'])
      .default('no-ssl')
      .describe(
        'Certificates of https addresses. no-ssl: checked against the authorities of the system. validate: against sslConfig.caCertificate. ignore: not checked.'
      ),
    sslConfig: z.exactOptional(sslConfig),
    extraHeaders: z
      .exactOptional(z.record(z.string(), secretLeaf()))
      .describe(
        'Headers of every request; `%(Name)s` in a value is replaced by the value of another one. All values are treated as secrets.'
      ),
    storeServiceConnection: z.boolean().default(true).describe('false: the service is created without its connection.'),
    forceEntityOverwriting: z
      .boolean()
      .default(false)
      .describe('true: rewrites an existing service, and does not fetch its connection.'),
    enableVersionValidation: z.boolean().default(true).describe('Compares the server version with the supported ones.'),
    secretsManagerProvider: z
      .enum([
        'db',
        'managed-aws',
        'aws',
        'managed-aws-ssm',
        'aws-ssm',
        'managed-azure-kv',
        'azure-kv',
        'in-memory',
        'gcp',
        'kubernetes',
      ])
      .default('db')
      .describe('The secret manager that `secret:…` references are read from: that of the server.'),
    secretsManagerLoader: z
      .enum(['noop', 'airflow', 'env'])
      .default('noop')
      .describe(
        'Where the settings of the manager come from: its SDK alone, the environment, or Airflow’s names in it.'
      ),
    clusterName: withoutEffect(z.string().default('openmetadata'), notRead),
    type: withoutEffect(z.literal('OpenMetadata').default('OpenMetadata'), notRead),
    limitRecords: withoutEffect(z.int().default(1000), notRead),
    includeTopics: flag,
    includeTables: flag,
    includeDashboards: flag,
    includePipelines: flag,
    includeMlModels: flag,
    includeUsers: flag,
    includeTeams: flag,
    includeGlossaryTerms: flag,
    includeTags: flag,
    includePolicy: flag,
    includeMessagingServices: flag,
    includeDatabaseServices: flag,
    includePipelineServices: flag,
    supportsDataInsightExtraction: flag,
    supportsElasticSearchReindexingExtraction: flag,
    elasticsSearch: withoutEffect(
      z.exactOptional(z.strictObject({ type: z.string(), config: z.exactOptional(z.record(z.string(), z.unknown())) })),
      notRead
    ),
    schemaFilterPattern: withoutEffect(z.exactOptional(filterPattern), notRead),
    tableFilterPattern: withoutEffect(z.exactOptional(filterPattern), notRead),
    databaseFilterPattern: withoutEffect(z.exactOptional(filterPattern), notRead),
  })
  .superRefine((config, context) => {
    if (config.secretsManagerProvider !== 'in-memory') return;
    context.addIssue({
      code: 'custom',
      path: ['secretsManagerProvider'],
      message:
        'is `in-memory`, whose secrets only exist in the memory of the server: no client can read them. ' +
        'Write `db`, or the manager that the server uses.',
    });
  })
  .superRefine((config, context) => {
    if (config.verifySSL !== 'validate' || config.sslConfig?.caCertificate !== undefined) return;
    context.addIssue({
      code: 'custom',
      path: ['sslConfig'],
      message: 'is missing: `verifySSL: validate` needs sslConfig.caCertificate, a PEM file or its text.',
    });
  })
  .meta({ title: 'openMetadataServerConfig', description: 'How to reach the OpenMetadata server.' });
