import type { FastifyInstance } from 'fastify';
import { createHash } from 'node:crypto';
import { allSources, type ConnectionTestStep } from '../../sources/index.js';
import { entityNotFound } from '../api-error.js';
import type { JsonObject } from '../json-value.js';
import { param } from './request-parts.js';

const SUFFIX = '.testConnectionDefinition';

/** Definitions of connection tests, as the connectors' specs have them. */
export function testConnectionRoutes(server: FastifyInstance): void {
  server.get('/services/testConnectionDefinitions/name/:fqn', (request) => {
    const fqn = param(request, 'fqn');
    const type = fqn.endsWith(SUFFIX) ? fqn.slice(0, -SUFFIX.length) : fqn;
    const steps = allSources().find(({ serviceType }) => serviceType === type)?.connectionTest;
    if (steps === undefined) throw entityNotFound('testConnectionDefinition', fqn);
    return definition(type, steps);
  });
}

function definition(type: string, steps: readonly ConnectionTestStep[]): JsonObject {
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
