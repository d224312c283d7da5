/** GRANT statements ready to paste, for messages of checks and errors. */
import { lacksColumn } from '../errors.js';
import { quoteIfNeeded } from './identifiers.js';

export function grantWarehouse(warehouse: string, role: string): string {
  return `GRANT USAGE ON WAREHOUSE ${quoteIfNeeded(warehouse)} TO ROLE ${quoteIfNeeded(role)};`;
}

export function grantDatabase(database: string, role: string): string {
  const [name, to] = [quoteIfNeeded(database), quoteIfNeeded(role)];
  return `GRANT USAGE ON DATABASE ${name} TO ROLE ${to}; GRANT USAGE ON ALL SCHEMAS IN DATABASE ${name} TO ROLE ${to};`;
}

/** REFERENCES shows structure without giving access to data. */
export function grantTables(database: string, role: string): string {
  const [name, to] = [quoteIfNeeded(database), quoteIfNeeded(role)];
  const kinds = ['TABLES', 'VIEWS', 'EXTERNAL TABLES'];
  return [
    ...kinds.map((kind) => `GRANT REFERENCES ON ALL ${kind} IN DATABASE ${name} TO ROLE ${to};`),
    ...kinds.map((kind) => `GRANT REFERENCES ON FUTURE ${kind} IN DATABASE ${name} TO ROLE ${to};`),
  ].join(' ');
}

/**
 * What mends a refusal of account usage: its grant, or, where a view can be read and lacks the column that is asked
 * for, a whole view. @param verb before the grant
 */
export function accountUsageRemedy(error: unknown, accountUsageSchema: string, role: string, verb = ''): string {
  return lacksColumn(error)
    ? `${accountUsageSchema} has not all columns: let accountUsageSchema be SNOWFLAKE.ACCOUNT_USAGE, or a copy with all columns of its views.`
    : `${verb}${grantAccountUsage(accountUsageSchema, role)}`;
}

/** `accountUsageSchema` as the recipe has it. A refusal doesn't tell whether the schema is there. */
export function grantAccountUsage(accountUsageSchema: string, role: string): string {
  const to = quoteIfNeeded(role);
  const otherwise = `If there is no schema ${accountUsageSchema}, name another one by accountUsageSchema: Snowflake's own is SNOWFLAKE.ACCOUNT_USAGE.`;
  if (/^"?snowflake"?\./i.test(accountUsageSchema)) {
    const grant = `GRANT IMPORTED PRIVILEGES ON DATABASE SNOWFLAKE TO ROLE ${to};`;
    return /\."?account_usage"?$/i.test(accountUsageSchema) ? grant : `${grant} ${otherwise}`;
  }
  const [database = ''] = accountUsageSchema.split('.');
  return [
    `GRANT USAGE ON DATABASE ${database} TO ROLE ${to};`,
    `GRANT USAGE ON SCHEMA ${accountUsageSchema} TO ROLE ${to};`,
    `GRANT SELECT ON ALL TABLES IN SCHEMA ${accountUsageSchema} TO ROLE ${to};`,
    `GRANT SELECT ON ALL VIEWS IN SCHEMA ${accountUsageSchema} TO ROLE ${to};`,
    otherwise,
  ].join(' ');
}
