import { startLocalCatalog, type LocalCatalog } from '../../../src/local-catalog/index.js';
import { inlineToken, OpenMetadataClient, type CreateTableRequest } from '../../../src/openmetadata/index.js';

/** A catalog with services `s` and `other`, and the tables that a test asks for. */
export interface EdgesCatalog {
  readonly catalog: LocalCatalog;
  readonly client: OpenMetadataClient;
  /** `service.database.schema.table` with the names of its columns, `id, x` by default; schemas are made on the way. */
  add(fqn: string, columns?: readonly string[], more?: Partial<CreateTableRequest>): Promise<void>;
  close(): Promise<void>;
}

export async function edgesCatalog(): Promise<EdgesCatalog> {
  const catalog = await startLocalCatalog({ file: ':memory:', port: 0 });
  const client = new OpenMetadataClient({
    hostPort: catalog.hostPort,
    token: inlineToken(catalog.token),
    userAgent: 'test',
  });
  for (const name of ['s', 'other']) await client.services.create({ name, serviceType: 'Mysql' });
  return {
    catalog,
    client,
    add: async (fqn, columns = ['id', 'x'], more = {}) => {
      const [service = '', database = '', schema = '', name = ''] = fqn.split('.');
      await client.databases.bulkPut([{ name: database, service }]);
      await client.schemas.bulkPut([{ name: schema, database: `${service}.${database}` }]);
      const { rows } = await client.tables.bulkPut([
        {
          name,
          databaseSchema: `${service}.${database}.${schema}`,
          columns: columns.map((column) => ({ name: column, dataType: 'INT' })),
          ...more,
        },
      ]);
      if (rows.some((row) => !row.ok)) throw new Error(JSON.stringify(rows));
    },
    close: async () => {
      await client.close();
      await catalog.close();
    },
  };
}
