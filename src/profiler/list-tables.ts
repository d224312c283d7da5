import { AuthenticationError, PermanentError, RecordError } from '../errors/index.js';
import { hiddenRows } from '../measures/index.js';
import type { ProfiledTableRecord } from '../openmetadata/index.js';
import type { MeasureSource, SchemaFacts } from '../sources/index.js';
import { AlikeTables } from './alike-tables.js';
import type { LeftOutLine } from './journal.js';
import { listTable, type TableListing } from './list-table.js';
import { MISSING, missingSchema } from './missing-table.js';
import { named } from './named.js';
import { nothingSelected } from './nothing-selected.js';
import type { ListedTable } from './plan-units.js';
import { VIEWS_LEFT_OUT } from './profiler-filters.js';
import type { PlanSettings } from './resolve-plan.js';
import { selectSchemas, type SelectionInput } from './select-tables.js';
import { UnboundedTables } from './unbounded-tables.js';
import { UnmetNames } from './unmet-names.js';

export interface ListInput extends Omit<SelectionInput, 'onFiltered'>, Omit<TableListing, 'unbounded' | 'alike'> {
  readonly settings: Pick<PlanSettings, 'server' | 'now'>;
  readonly source: Pick<MeasureSource, 'dialect' | 'facts'>;
  /**
   * Called for each table that gets no profile or only part of one, and for databases and schemas that patterns leave
   * out.
   */
  readonly onLeftOut?: (line: LeftOutLine) => void | Promise<void>;
  /**
   * Called for each table that is to be profiled, or can't be: it may have rows in OpenMetadata that may not be shown
   * any more, which go whatever becomes of the table.
   */
  readonly onDue?: (table: ProfiledTableRecord) => void | Promise<void>;
}

/** All tables to profile: selected, present in the source, and changed since their last profile. */
export async function listTables(input: ListInput): Promise<ListedTable[]> {
  const { recipe, recorder, source } = input;
  const listed: ListedTable[] = [];
  let selected = 0;
  const leave = async (line: LeftOutLine): Promise<void> => input.onLeftOut?.(line);
  const names = new UnmetNames(recipe);
  const unbounded = new UnboundedTables(recipe);
  const alike = new AlikeTables();
  const hidden: string[] = [];
  const views: string[] = [];
  const onFiltered = async (fqn: string, reason: string): Promise<void> => {
    names.met(fqn, true);
    if (reason === VIEWS_LEFT_OUT) views.push(fqn);
    recorder.count('source', { filtered: 1 });
    await leave({ fqn, outcome: 'filtered', reason });
  };
  for await (const schema of selectSchemas({ ...input, onFiltered })) {
    names.met(schema.database.fullyQualifiedName);
    names.met(schema.schema.fullyQualifiedName);
    let facts: SchemaFacts | undefined;
    let problem: string | undefined;
    let missing = 0;
    for await (const record of schema.tables) {
      selected += 1;
      names.met(record.fullyQualifiedName);
      names.columns(record);
      recorder.count('source', { records: 1 });
      if (problem === undefined && facts === undefined) {
        try {
          facts = await source.facts(schema.names);
        } catch (error) {
          // A schema or a database that can't be read takes its own tables with it, not those of others.
          if (!(error instanceof PermanentError || error instanceof AuthenticationError)) throw error;
          problem = error.describe();
          recorder.failure('profiler', schema.schema.fullyQualifiedName, problem);
        }
      }
      if (facts === undefined) {
        await input.onDue?.(record);
        await leave({ fqn: record.fullyQualifiedName, outcome: 'failed', reason: problem ?? '' });
        continue;
      }
      const settings: PlanSettings = {
        ...input.settings,
        recipe,
        dialect: source.dialect,
        database: schema.database.databaseProfilerConfig,
        schema: schema.schema.databaseSchemaProfilerConfig,
      };
      try {
        const fqn = record.fullyQualifiedName;
        const { table, remark } = listTable(
          { ...input, unbounded, alike },
          record,
          facts,
          settings,
          schema.schema.fullyQualifiedName
        );
        if (remark?.outcome !== 'unchanged') await input.onDue?.(record);
        if (remark !== undefined) await leave({ fqn, ...remark });
        if (table !== undefined) {
          listed.push(table);
          unbounded.see(table);
          if (table.facts.hidesRows === true) hidden.push(fqn);
        }
      } catch (error) {
        if (!(error instanceof RecordError)) throw error;
        await input.onDue?.(record);
        if (facts.tables.size === 0 && error.message === MISSING) missing += 1;
        else recorder.failure('profiler', record.fullyQualifiedName, error.describe());
        await leave({ fqn: record.fullyQualifiedName, outcome: 'failed', reason: error.describe() });
      }
    }
    if (missing > 0) recorder.failure('profiler', schema.schema.fullyQualifiedName, missingSchema(missing));
  }
  alike.tell(recorder, recipe.workflowConfig.config?.profiler?.budget?.statements);
  for (const line of unbounded.lines()) recorder.note(line);
  if (hidden.length > 0) recorder.note(hiddenRows(named(hidden), 'measured'));
  const unmet = await names.line(input.client, input.signal);
  if (unmet !== undefined) recorder.warning('source', unmet);
  if (selected === 0) recorder.note(await nothingSelected(input, views));
  return listed;
}
