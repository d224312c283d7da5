import { IngestionError } from '../../errors/index.js';
import type { CheckResult, SourceContext } from '../source.js';
import type { SqliteConnectionConfig } from './config.js';
import { SqliteConnection } from './connection.js';
import { countObjects, libraryVersion } from './queries.js';
import { countWords } from '../../contract/count-words.js';

/** A file needs little: that it is there, is a database, and has something in it. */
export async function* checkSqlite(
  config: SqliteConnectionConfig,
  context: SourceContext
): AsyncGenerator<CheckResult> {
  let connection: SqliteConnection;
  try {
    connection = await SqliteConnection.open(config, context);
  } catch (error) {
    if (!(error instanceof IngestionError)) throw error;
    const remedy = error.remedy === undefined ? {} : { remedy: error.remedy };
    yield { name: 'connection', passed: false, mandatory: true, message: error.message, error, ...remedy };
    return;
  }
  try {
    yield { name: 'connection', passed: true, mandatory: true, message: `opened ${connection.file} for reading` };
    const [version] = connection.all(libraryVersion());
    yield { name: 'library version', passed: true, mandatory: false, message: `SQLite ${version?.version ?? ''}` };
    const count = connection.all(countObjects())[0]?.count ?? 0;
    yield {
      name: 'tables',
      passed: count > 0,
      mandatory: false,
      message: `${countWords(count, 'table or view', 'tables and views')}`,
    };
  } finally {
    connection.close();
  }
}
