import type { SourceProcedure, SourceRecord } from '../../records.js';
import type { MetadataOptions, SchemaRef, Selection } from '../../source.js';
import { ownRoutines, routines } from './account-usage-queries.js';
import type { SnowflakeConnectionConfig } from '../config.js';
import { isNotAuthorized } from '../errors.js';
import { quotePath } from './identifiers.js';
import type { Row } from '../session/row.js';
import type { Session } from '../session/session.js';
import { argumentTypes } from './signature.js';
import { SortedRows } from '../session/sorted-rows.js';
import type { UrlPlace } from './source-url.js';
import type { TagReader } from './tags.js';

export interface RoutineReadInput {
  readonly session: Session;
  readonly config: SnowflakeConnectionConfig;
  readonly schema: SchemaRef;
  readonly selection: Selection;
  readonly options: MetadataOptions;
  readonly after: string | undefined;
  readonly sourceUrl: (place: UrlPlace) => string | undefined;
  readonly tags: TagReader | undefined;
}

type Language = NonNullable<SourceProcedure['language']>;

const LANGUAGES: Readonly<Record<string, Language>> = {
  SQL: 'SQL',
  JAVA: 'Java',
  JAVASCRIPT: 'JavaScript',
  PYTHON: 'Python',
  EXTERNAL: 'External',
};

/**
 * Procedures and functions of a schema after `after`, in order of name, from one statement. OpenMetadata has each name
 * once: overloads, and a function with a procedure's name, become one record with all the bodies.
 */
export async function* readRoutines(input: RoutineReadInput): AsyncGenerator<SourceRecord> {
  const { session, config, schema, options, after } = input;
  const rows = new SortedRows(
    await openRoutines(session, config.accountUsageSchema, schema, after, options.changedSince),
    'NAME'
  );
  const cost: BodyCost = { asked: 0, missing: 0 };
  try {
    for (let next = await rows.peek(); next !== undefined; next = await rows.peek()) {
      const name = next.text('NAME');
      yield await toRecord(name, await rows.take(name), input, cost);
    }
  } finally {
    await rows.close();
  }
  if (cost.asked > 0) {
    const missing = cost.missing === 0 ? '' : `, ${cost.missing} of them in vain (no OWNERSHIP or USAGE)`;
    session.context.onWarning(
      `${schema.database}.${schema.schema}: bodies of procedures and functions were asked for one by one: ${cost.asked}${missing}.`
    );
  }
}

interface BodyCost {
  asked: number;
  missing: number;
}

/** From account usage; from the database's own catalog when the role may not read it. */
async function openRoutines(
  session: Session,
  accountUsageSchema: string,
  schema: SchemaRef,
  after: string | undefined,
  changedSince: number | undefined
): Promise<AsyncGenerator<readonly Row[]>> {
  const rows = session.batches(routines(accountUsageSchema, schema, after, changedSince));
  try {
    return prepend(await rows.next(), rows);
  } catch (error) {
    if (!isNotAuthorized(error)) throw error;
    session.context.onWarning(
      `The role may not select ${accountUsageSchema}.PROCEDURES and FUNCTIONS: those of ${schema.database}.${schema.schema} are taken from INFORMATION_SCHEMA, which lists only what the role has a grant on.`
    );
    return session.batches(ownRoutines(schema, after));
  }
}

async function* prepend(
  first: IteratorResult<readonly Row[]>,
  rows: AsyncGenerator<readonly Row[]>
): AsyncGenerator<readonly Row[]> {
  try {
    if (first.done === true) return;
    yield first.value;
    yield* rows;
  } finally {
    await rows.return(undefined);
  }
}

async function toRecord(
  name: string,
  rows: readonly Row[],
  input: RoutineReadInput,
  cost: BodyCost
): Promise<SourceRecord> {
  const { schema, selection } = input;
  const live = rows.filter((row) => !row.flag('GONE'));
  const [first] = live;
  if (first === undefined) return { kind: 'deleted', entity: 'procedure', name };
  const reason = await selection.procedure(schema.database, schema.schema, name);
  if (reason !== undefined) return { kind: 'unselected', entity: 'procedure', name, reason };

  const bodies: string[] = [];
  for (const row of live) {
    const body = row.optionalText('BODY') ?? (await askForBody(name, row, input, cost)) ?? '';
    bodies.push(
      live.length === 1 ? body : `-- ${row.text('KIND')} ${name}${row.optionalText('SIGNATURE') ?? ''}\n${body}`
    );
  }
  const language = LANGUAGES[first.optionalText('LANGUAGE')?.toUpperCase() ?? ''];
  const description = live.map((row) => row.optionalText('COMMENT')).find((comment) => comment !== undefined);
  const isProcedure = first.text('KIND') === 'PROCEDURE';
  const signature = `${name}(${argumentTypes(first.optionalText('SIGNATURE') ?? '()').join(', ')})`;
  const sourceUrl = input.sourceUrl({ ...schema, name: signature, kind: isProcedure ? 'procedure' : 'user-function' });
  const tags = (await input.tags?.ofRoutine(name)) ?? [];
  return {
    kind: 'procedure',
    name,
    procedureType: isProcedure ? 'StoredProcedure' : 'UDF',
    ...(language === undefined ? {} : { language }),
    code: bodies.join('\n\n'),
    ...(description === undefined ? {} : { description }),
    ...(sourceUrl === undefined ? {} : { sourceUrl }),
    ...(tags.length === 0 ? {} : { tags }),
  };
}

async function askForBody(
  name: string,
  row: Row,
  { session, schema }: RoutineReadInput,
  cost: BodyCost
): Promise<string | undefined> {
  const kind = row.text('KIND');
  const types = argumentTypes(row.optionalText('SIGNATURE') ?? '()').join(', ');
  cost.asked += 1;
  try {
    const properties = await session.all({
      sql: `DESC ${kind} ${quotePath(schema.database, schema.schema, name)}(${types})`,
      doing: `asking for the body of ${schema.database}.${schema.schema}.${name}`,
    });
    const body = properties.find((property) => property.optionalText('property') === 'body')?.optionalText('value');
    if (body === undefined) cost.missing += 1;
    return body;
  } catch (error) {
    if (!isNotAuthorized(error)) throw error;
    cost.missing += 1;
    return undefined;
  }
}
