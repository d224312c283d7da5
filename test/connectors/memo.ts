/**
 * A connector of somebody else, outside of src and made of the public API alone: a database of memos in memory. Its
 * names have a reserved word and differ by case only; unquoted names fold to lower case; its configuration has secrets;
 * its check asks for a PIN.
 */
import {
  AuthenticationError,
  defineSource,
  secretLeaf,
  TEST_STEPS,
  z,
  type CheckResult,
  type LogCursor,
  type LogRecord,
  type MetadataSource,
  type QueryLogSource,
  type ReadPosition,
  type SchemaRef,
  type SourceRecord,
  type SourceScope,
  type SourceTable,
} from '../../src/index.js';

export const MEMO_PIN = 'memo-pin-4711';

const memoConnection = z.strictObject({
  type: z.literal('CustomDatabase').default('CustomDatabase'),
  box: z.string().min(1),
  vault: z.strictObject({ vaultPin: secretLeaf('Opens the box.') }),
});
type MemoConnection = z.infer<typeof memoConnection>;

const DATABASE = 'desk';
const SCHEMA = 'order';
const table = (name: string): SourceTable => ({
  kind: 'table',
  name,
  tableType: 'Regular',
  columns: [{ name: 'id', dataType: 'INT', dataTypeDisplay: 'int', nullable: false, ordinalPosition: 1 }],
});
const TABLES = ['NOTES', 'notes', 'notes_copy', 'select'].map(table);
/** Unquoted names: `NOTES` is the table `notes`. */
const QUERY = 'INSERT INTO NOTES_COPY SELECT n.ID FROM NOTES n JOIN "select" s ON s.id = n.id';

class MemoMetadata implements MetadataSource {
  async *scopes(): AsyncGenerator<SourceScope> {
    yield { kind: 'database', name: DATABASE };
    yield { kind: 'schema', database: DATABASE, name: SCHEMA, weight: TABLES.length };
  }

  async *read(
    _schema: SchemaRef,
    _selection: unknown,
    _options: unknown,
    after?: ReadPosition
  ): AsyncGenerator<SourceRecord> {
    if (after?.part === 'procedures') return;
    yield* TABLES.filter(({ name }) => after === undefined || name > after.name);
  }

  async stillThere(_schema: SchemaRef, _entity: string, names: readonly string[]): Promise<readonly string[]> {
    return names.filter((name) => TABLES.some((each) => each.name === name));
  }

  async scopesStillThere(_database: string | undefined, names: readonly string[]): Promise<readonly string[]> {
    return names;
  }

  async visibility(): Promise<string> {
    return 'all';
  }

  async close(): Promise<void> {}
}

class MemoLog implements QueryLogSource {
  async windows({
    from,
    to,
  }: {
    from: number;
    to: number;
  }): Promise<readonly { from: number; to: number; log: string }[]> {
    return [{ from, to, log: 'queries' }];
  }

  async *read(
    { from }: { from: number },
    _options: unknown,
    after?: LogCursor
  ): AsyncGenerator<{ record: LogRecord; cursor: LogCursor }> {
    if (after !== undefined) return;
    const record: LogRecord = { kind: 'query', text: QUERY, database: DATABASE, schema: SCHEMA, startedAt: from };
    yield { record, cursor: { row: 1 } };
  }

  async close(): Promise<void> {}
}

function open({ vault, box }: MemoConnection): void {
  if (vault.vaultPin !== MEMO_PIN)
    throw new AuthenticationError(`The box ${box} does not open.`, { where: 'vaultPin' });
}

async function* check(config: MemoConnection): AsyncGenerator<CheckResult> {
  open(config);
  yield { name: 'connection', passed: true, mandatory: true, message: `the box ${config.box} opens` };
}

export default defineSource({
  type: 'memo',
  serviceType: 'CustomDatabase',
  dialect: 'postgres',
  unquotedNames: 'lower',
  connection: memoConnection,
  supports: ['query-log'],
  connectionTest: [TEST_STEPS.access, TEST_STEPS.tables],
  load: async () => ({
    openMetadata: async (config) => {
      open(config);
      return new MemoMetadata();
    },
    check,
    openQueryLog: async (config) => {
      open(config);
      return new MemoLog();
    },
    checkQueryLog: check,
  }),
});
