import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

/** Which schema a body must fit, by the end of its path. Bulk bodies are arrays of the single ones. */
const SCHEMAS: readonly (readonly [method: string, path: RegExp, model: string])[] = [
  ['PUT', /^\/services\/databaseServices$/, 'CreateDatabaseServiceRequest'],
  ['PUT', /^\/databases(\/bulk)?$/, 'CreateDatabaseRequest'],
  ['PUT', /^\/databaseSchemas(\/bulk)?$/, 'CreateDatabaseSchemaRequest'],
  ['PUT', /^\/tables(\/bulk)?$/, 'CreateTableRequest'],
  ['PUT', /^\/storedProcedures(\/bulk)?$/, 'CreateStoredProcedureRequest'],
  ['PUT', /^\/queries(\/bulk)?$/, 'CreateQueryRequest'],
  ['PUT', /^\/classifications$/, 'CreateClassificationRequest'],
  ['PUT', /^\/tags$/, 'CreateTagRequest'],
  ['PUT', /^\/services\/ingestionPipelines$/, 'CreateIngestionPipelineRequest'],
  ['PUT', /\/pipelineStatus$/, 'PipelineStatus'],
  ['PUT', /^\/services\/ingestionPipelines\/progress\//, 'ProgressUpdate'],
  ['PUT', /^\/lineage$/, 'AddLineageRequest'],
  ['PUT', /^\/lineage\/(table|container)\/name\//, 'LineageDetails'],
];

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
const compiled = new Map<string, ValidateFunction>();

/** Names of the members that OpenMetadata's schema allows for a model's property. */
export function schemaEnum(model: string, definition: string): readonly string[] {
  const schema = readSchema(model) as {
    readonly $defs: Readonly<Record<string, { readonly enum: readonly string[] }>>;
  };
  return schema.$defs[definition]?.enum ?? [];
}

/**
 * What OpenMetadata's schemas find wrong with a body as it goes over the wire; a body no schema is known for must not
 * be a PUT.
 */
export function requestBodyProblems(method: string, path: string, body: unknown): string[] {
  const model = SCHEMAS.find(([wanted, pattern]) => wanted === method && pattern.test(path))?.[2];
  if (model === undefined) return method === 'PUT' ? [`No schema is known for PUT ${path}.`] : [];
  const sent: unknown = JSON.parse(JSON.stringify(body));
  const members: readonly unknown[] = path.endsWith('/bulk') && Array.isArray(sent) ? sent : [sent];
  return members.flatMap((member) => schemaProblems(model, member));
}

export function schemaProblems(model: string, value: unknown): string[] {
  const validate = compiled.get(model) ?? ajv.compile(readSchema(model));
  compiled.set(model, validate);
  if (validate(value)) return [];
  return (validate.errors ?? []).map((error) => `${model}${error.instancePath}: ${error.message ?? error.keyword}`);
}

function readSchema(model: string): object {
  // `(?u)` is Python's way to ask for what JavaScript does with the u flag.
  const text = readFileSync(`test/data/schemas/${model}.json`, 'utf8').replaceAll('(?u)', '');
  return JSON.parse(text) as object;
}
