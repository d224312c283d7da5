import { randomBytes } from 'node:crypto';

/** What the attacks need: the bystanders' database, a pipe, servers that answer without end. */
export interface Battlefield {
  readonly database: string;
  readonly pipe: string;
  readonly catalog: string;
  readonly talkativeCatalogPort: number;
  readonly nestedCatalogPort: number;
  readonly endlessRowPort: number;
  readonly endlessRowsPort: number;
}

export interface Attack {
  readonly name: string;
  readonly workflow: 'metadataWorkflow' | 'lineageWorkflow';
  readonly recipeYaml: string;
}

/** Recipes as somebody who may start workflows would send them. */
export function attacks(field: Battlefield): Attack[] {
  const sqlite = { type: 'SQLite', databaseMode: field.database };
  const postgres = (port: number): object => ({
    type: 'Postgres',
    username: 'u',
    authType: { password: '${OM_JWT_TOKEN}' },
    hostPort: `127.0.0.1:${port}`,
    database: 'd',
  });
  const metadata = (name: string, connection: object, config: object = {}, catalog = field.catalog): Attack => ({
    name,
    workflow: 'metadataWorkflow',
    recipeYaml: recipe(catalog, {
      type: 'username' in connection ? 'postgres' : 'sqlite',
      serviceName: 'attacked',
      serviceConnection: { config: connection },
      sourceConfig: { config: { type: 'DatabaseMetadata', ...config } },
    }),
  });
  const options = (name: string, connectionOptions: object): Attack => metadata(name, { ...sqlite, connectionOptions });
  const named = (name: string, serviceName: string): Attack => {
    const attack = metadata(name, sqlite);
    return { ...attack, recipeYaml: attack.recipeYaml.replace('"attacked"', JSON.stringify(serviceName)) };
  };
  const queryLog = (path: string): Attack => ({
    name: `query log ${path.startsWith('/proc') || path.startsWith('/dev') ? path : 'a pipe'}`,
    workflow: 'lineageWorkflow',
    recipeYaml: recipe(field.catalog, {
      type: 'query-log-lineage',
      // One that is there, so that the log is reached.
      serviceName: 'harmless',
      sourceConfig: { config: { type: 'DatabaseLineage', queryLogFilePath: path } },
    }),
  });
  const pattern = (text: string): Attack =>
    metadata(`pattern ${text.length > 30 ? `of ${text.length} characters` : text}`, sqlite, {
      tableFilterPattern: { excludes: [text] },
    });
  return [
    queryLog('/proc/self/environ'),
    queryLog('/dev/zero'),
    queryLog(field.pipe),
    metadata('database a pipe', { ...sqlite, databaseMode: field.pipe }),
    pattern('^(.*)+_tmp$'),
    pattern('^(a+)+$'),
    pattern('^(a+)+\\1(a+)+\\2x$'),
    pattern('\\w'.repeat(20_000)),
    metadata('error of 5 MB', sqlite, {}, `http://127.0.0.1:${field.talkativeCatalogPort}/api`),
    metadata('120 MB of lists in lists', sqlite, {}, `http://127.0.0.1:${field.nestedCatalogPort}/api`),
    options('half tokens', { foo: '-eyJ'.repeat(75_000) }),
    options('variables without end', { foo: `\${a]${'b'.repeat(31)}`.repeat(29_000) }),
    options('1,000 secrets', Object.fromEntries(secrets())),
    metadata('classes of 4,900 members', sqlite, {
      tableFilterPattern: { excludes: Array.from({ length: 8 }, (_, n) => `[${'\\w'.repeat(4_900)}${n}]`) },
    }),
    named('a name of 100 KiB', 'n'.repeat(100 * 1024)),
    metadata('a row without end', postgres(field.endlessRowPort)),
    metadata('rows without end', postgres(field.endlessRowsPort)),
    { name: '1 MiB of commas', workflow: 'metadataWorkflow', recipeYaml: `source: [${','.repeat(1_000_000)}]` },
    { name: '1 MiB of brackets', workflow: 'metadataWorkflow', recipeYaml: '['.repeat(1_000_000) },
  ];
}

/** Together nearly as long as a recipe may be. */
function secrets(): [string, string][] {
  const random = (): string => randomBytes(450).toString('hex');
  return Array.from({ length: 1_000 }, (_, n) => [`password${n}`, random()]);
}

function recipe(catalog: string, source: object): string {
  return JSON.stringify({
    source,
    sink: { type: 'metadata-rest', config: {} },
    workflowConfig: {
      openMetadataServerConfig: {
        hostPort: catalog,
        authProvider: 'openmetadata',
        securityConfig: { jwtToken: '${OM_JWT_TOKEN}' },
      },
    },
  });
}
