import { randomUUID } from 'node:crypto';
import { findSource } from '../../../src/sources/index.js';
import { describeMetadataSource, type SourceHarness } from '../../conformance/metadata-source.js';
import { startMariadb } from '../../services/mariadb.js';

const SCHEMA = `
CREATE DATABASE conformance; USE conformance;
CREATE TABLE Zebra (id INT PRIMARY KEY, name VARCHAR(20) NOT NULL UNIQUE);
CREATE TABLE zebra (id INT PRIMARY KEY);
CREATE TABLE apple (id INT PRIMARY KEY, zebra INT, FOREIGN KEY (zebra) REFERENCES Zebra (id));
CREATE TABLE \`ä ö.ü\` (a INT, b INT, PRIMARY KEY (a, b));
CREATE TABLE \`☃ snow\` (x INT, y INT, FOREIGN KEY (x, y) REFERENCES \`ä ö.ü\` (a, b));
CREATE VIEW view_of_apples AS SELECT id FROM apple;
CREATE PROCEDURE restock() SELECT 1;
CREATE FUNCTION Ätzend() RETURNS INT RETURN 1;`;

describeMetadataSource('MySQL connector on MariaDB', async (): Promise<SourceHarness> => {
  const server = await startMariadb();
  await server.run(SCHEMA);
  await server.run(`GRANT SELECT ON mysql.proc TO '${server.user}'@'%'`);
  const spec = findSource('mysql');
  const config = { username: server.user, authType: { password: server.password }, hostPort: server.hostPort };
  return {
    open: (context) => spec.openMetadata(config, context),
    check: (context, options) => spec.check(config, context, options),
    schema: { database: 'default', schema: 'conformance' },
    tableName: 'apple',
    viewName: 'view_of_apples',
    procedureName: 'restock',
    makeTables: async (count) => {
      const schema = `like_${randomUUID().slice(0, 8)}`;
      await server.run(`CREATE DATABASE ${schema}`);
      const tables = Array.from(
        { length: count },
        (_, index) => `CREATE TABLE ${schema}.t${index} (id INT PRIMARY KEY);`
      );
      await server.run(tables.join(''));
      return {
        ref: { database: 'default', schema },
        open: (context) => spec.openMetadata(config, context),
        drop: (table) => server.run(`DROP TABLE ${schema}.${table}`),
      };
    },
    stop: () => server.stop(),
  };
});
