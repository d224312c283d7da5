import { z } from 'zod';
import { ANY_SIZE } from './any-size.js';
import { anyRecipe } from './recipe-model.js';

/** A leaf that isn't text may be written as a variable too. */
const VARIABLE = '^\\$\\{[A-Za-z_][A-Za-z0-9_]*(:-[^}]*)?\\}$';

const STEPS = ['processor', 'stage', 'bulkSink'];

type JsonSchema = z.core.JSONSchema._JSONSchema;

/**
 * JSON Schema (draft 2020-12) of every recipe that this version runs, for completion and checks in editors. Generated
 * from the models.
 */
export function recipeJsonSchema(): object {
  const schema = z.toJSONSchema(anyRecipe(), {
    io: 'input',
    override({ zodSchema, jsonSchema }) {
      const type = zodSchema._zod.def.type;
      if (type === 'number' || type === 'boolean') {
        jsonSchema.type = [type === 'boolean' ? type : numberType(jsonSchema.type), 'string'];
        jsonSchema.pattern = VARIABLE;
      }
      if (ANY_SIZE in jsonSchema) for (const key of [ANY_SIZE, 'minimum', 'maximum']) delete jsonSchema[key];
      if (type === 'enum') {
        jsonSchema.anyOf = [{ enum: jsonSchema.enum ?? [] }, { pattern: VARIABLE }];
        delete jsonSchema.enum;
      }
    },
  });
  for (const name of STEPS) leaveTypedToTheirModels(schema.properties?.[name]);
  return schema;
}

/** The free step of kinds that have none would take whatever another kind's own step refuses. */
function leaveTypedToTheirModels(step: JsonSchema | undefined): void {
  const types = (asObject(step)?.anyOf ?? []).map((each) => asObject(asObject(each)?.properties?.['type']));
  const own = types.flatMap((type) => (type?.const === undefined ? [] : [type.const]));
  for (const type of types) if (type !== undefined && type.const === undefined) type.not = { enum: own };
}

function asObject(schema: JsonSchema | undefined): Exclude<JsonSchema, boolean> | undefined {
  return typeof schema === 'object' ? schema : undefined;
}

function numberType(type: unknown): 'integer' | 'number' {
  return type === 'integer' ? 'integer' : 'number';
}
