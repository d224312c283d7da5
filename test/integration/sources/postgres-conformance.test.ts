import { randomUUID } from 'node:crypto';
import { findSource } from '../../../src/sources/index.js';
import { describeMetadataSource, type SourceHarness } from '../../conformance/metadata-source.js';
import { startPostgres } from '../../services/postgres.js';

const SCHEMA = `
CREATE SCHEMA conformance; SET search_path = conformance;
CREATE TABLE "Zebra" (id INT PRIMARY KEY, name VARCHAR(20) NOT NULL UNIQUE);
CREATE TABLE zebra (id INT PRIMARY KEY);
CREATE TABLE apple (id INT PRIMARY KEY, zebra INT REFERENCES "Zebra" (id));
CREATE TABLE "ä ö.ü" (a INT, b INT, PRIMARY KEY (a, b));
CREATE TABLE "☃ ""snow""" (x INT, y INT, FOREIGN KEY (x, y) REFERENCES "ä ö.ü" (a, b));
CREATE VIEW view_of_apples AS SELECT id FROM apple;
CREATE PROCEDURE restock() LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION "Ätzend"() RETURNS INT LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION "Ätzend"(a INT) RETURNS INT LANGUAGE sql AS 'SELECT a';`;

describeMetadataSource('PostgreSQL connector', async (): Promise<SourceHarness> => {
  const server = await startPostgres();
  await server.query(SCHEMA);
  const spec = findSource('postgres');
  const config = {
    username: server.user,
    authType: { password: server.password },
    hostPort: server.hostPort,
    database: 'postgres',
  };
  return {
    open: (context) => spec.openMetadata(config, context),
    check: (context, options) => spec.check(config, context, options),
    schema: { database: 'postgres', schema: 'conformance' },
    tableName: 'apple',
    viewName: 'view_of_apples',
    procedureName: 'restock',
    makeTables: async (count) => {
      const schema = `like_${randomUUID().slice(0, 8)}`;
      const tables = Array.from(
        { length: count },
        (_, index) => `CREATE TABLE ${schema}.t${index} (id INT PRIMARY KEY);`
      );
      await server.query(`CREATE SCHEMA ${schema}; ${tables.join('')}`);
      return {
        ref: { database: 'postgres', schema },
        open: (context) => spec.openMetadata(config, context),
        drop: async (table) => void (await server.query(`DROP TABLE ${schema}.${table}`)),
      };
    },
    stop: () => server.stop(),
  };
});
