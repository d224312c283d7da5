import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { findSource } from '../../../src/sources/index.js';
import { describeMetadataSource, type SourceHarness } from '../../conformance/metadata-source.js';

const SCHEMA = `
CREATE TABLE "Zebra" (id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL UNIQUE);
CREATE TABLE apple (id INTEGER PRIMARY KEY, zebra INTEGER REFERENCES "Zebra");
CREATE TABLE "ä ö.ü" (a TEXT, b TEXT, PRIMARY KEY (a, b)) WITHOUT ROWID;
CREATE TABLE "😀 emoji" (x);
CREATE TABLE "\uffee half-width" (x, y, FOREIGN KEY (x, y) REFERENCES "ä ö.ü" (a, b));
CREATE VIEW view_of_apples AS SELECT id FROM apple;`;

describeMetadataSource('SQLite connector', async (): Promise<SourceHarness> => {
  const folder = mkdtempSync(join(tmpdir(), 'om-test-sqlite-'));
  const file = join(folder, 'main.db');
  write(file, SCHEMA);
  const spec = findSource('sqlite');
  return {
    open: (context) => spec.openMetadata({ databaseMode: file }, context),
    check: (context, options) => spec.check({ databaseMode: file }, context, options),
    schema: { database: 'default', schema: 'main' },
    tableName: 'apple',
    viewName: 'view_of_apples',
    makeTables: async (count) => {
      const path = join(folder, `${randomUUID()}.db`);
      write(path, Array.from({ length: count }, (_, index) => `CREATE TABLE t${index} (id INTEGER);`).join(''));
      return {
        ref: { database: 'default', schema: 'main' },
        open: (context) => spec.openMetadata({ databaseMode: path }, context),
        drop: async (table) => write(path, `DROP TABLE "${table}"`),
      };
    },
    stop: async () => rmSync(folder, { recursive: true, force: true }),
  };
});

function write(file: string, sql: string): void {
  const database = new Database(file);
  database.exec(sql);
  database.close();
}
