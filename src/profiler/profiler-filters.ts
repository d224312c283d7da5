import { afterwards, type Awaitable } from '../filters/index.js';
import type { ProfiledTableRecord, ProfilerContainerRecord } from '../openmetadata/index.js';
import type { ProfilerRecipe } from '../recipe/index.js';
import { serverFilter } from './table-filter.js';

/** Why a recipe leaves something out; undefined if it is in. */
export interface ProfilerFilters {
  database(record: Pick<ProfilerContainerRecord, 'name' | 'fullyQualifiedName'>): Awaitable<string | undefined>;
  schema(record: Pick<ProfilerContainerRecord, 'name' | 'fullyQualifiedName'>): Awaitable<string | undefined>;
  /** @param record without its tags, classifications aren't checked */
  table(
    record: Pick<ProfiledTableRecord, 'name' | 'fullyQualifiedName' | 'tableType'> &
      Partial<Pick<ProfiledTableRecord, 'tags'>>
  ): Awaitable<string | undefined>;
}

/** Of a view that all patterns let in. */
export const VIEWS_LEFT_OUT = 'views are left out (includeViews: false)';

export function profilerFilters({ source }: Pick<ProfilerRecipe, 'source'>): ProfilerFilters {
  const { config } = source.sourceConfig;
  const databases = serverFilter('databaseFilterPattern', config.databaseFilterPattern);
  const schemas = serverFilter('schemaFilterPattern', config.schemaFilterPattern);
  const tables = serverFilter('tableFilterPattern', config.tableFilterPattern);
  const classifications =
    config.classificationFilterPattern === undefined
      ? undefined
      : serverFilter('classificationFilterPattern', config.classificationFilterPattern);
  const nameOf = ({ name, fullyQualifiedName }: { name: string; fullyQualifiedName: string }): string =>
    config.useFqnForFiltering ? fullyQualifiedName : name;
  return {
    database: (record) => databases.reason([nameOf(record)]),
    schema: (record) => schemas.reason([nameOf(record)]),
    table: (record) => {
      // By the names of the tags and of their classifications.
      const tags = record.tags?.flatMap(({ tagFQN }) => [tagFQN, ...tagFQN.split('.')]);
      const isLeftOut = /view/i.test(record.tableType ?? '') && !config.includeViews;
      return afterwards(
        afterwards(
          tables.reason([nameOf(record)]),
          (reason) => reason ?? (tags === undefined ? undefined : classifications?.reason(tags))
        ),
        (reason) => reason ?? (isLeftOut ? VIEWS_LEFT_OUT : undefined)
      );
    },
  };
}
