import type { FastifyInstance } from 'fastify';
import { createHash } from 'node:crypto';
import { entityNotFound } from '../api-error.js';
import type { JsonObject } from '../json-value.js';
import { param } from './request-parts.js';

interface Step {
  readonly name: string;
  readonly description: string;
  readonly mandatory: boolean;
  /** True: a failure makes the steps behind it pointless. */
  readonly shortCircuit?: true;
}

const ACCESS: Step = {
  name: 'CheckAccess',
  description: 'Connects with the given address and credentials.',
  mandatory: true,
  shortCircuit: true,
};
const SCHEMAS: Step = { name: 'GetSchemas', description: 'Lists the schemas.', mandatory: true };
const TABLES: Step = { name: 'GetTables', description: 'Lists the tables of a schema.', mandatory: true };
const VIEWS: Step = { name: 'GetViews', description: 'Lists the views of a schema.', mandatory: false };
const QUERIES: Step = { name: 'GetQueries', description: 'Reads the log of past queries.', mandatory: false };
const DATABASES: Step = { name: 'GetDatabases', description: 'Lists the databases.', mandatory: true };

/** The steps a connection test takes, by type of service. */
const STEPS: ReadonlyMap<string, readonly Step[]> = new Map([
  ['Mysql', [ACCESS, SCHEMAS, TABLES, VIEWS, QUERIES]],
  ['Snowflake', [ACCESS, DATABASES, SCHEMAS, TABLES, VIEWS, QUERIES]],
  ['SQLite', [ACCESS, SCHEMAS, TABLES, VIEWS]],
]);

const SUFFIX = '.testConnectionDefinition';

/** Definitions of connection tests, fixed for the connectors this project has. */
export function testConnectionRoutes(server: FastifyInstance): void {
  server.get('/services/testConnectionDefinitions/name/:fqn', (request) => {
    const fqn = param(request, 'fqn');
    const type = fqn.endsWith(SUFFIX) ? fqn.slice(0, -SUFFIX.length) : fqn;
    const steps = STEPS.get(type);
    if (steps === undefined) throw entityNotFound('testConnectionDefinition', fqn);
    return definition(type, steps);
  });
}

function definition(type: string, steps: readonly Step[]): JsonObject {
  return {
    id: fixedId(type),
    name: type,
    fullyQualifiedName: `${type}${SUFFIX}`,
    description: `What a ${type} connection must be able to do.`,
    steps: steps.map((step) => ({ ...step, shortCircuit: step.shortCircuit ?? false })),
    version: 0.1,
    deleted: false,
  };
}

/** The same UUID for the same type at every start. */
function fixedId(type: string): string {
  const hex = createHash('md5').update(`testConnectionDefinition ${type}`).digest('hex');
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5');
}
