import { z } from 'zod';
import { factsOf, type WorkflowKind } from '../../contract/kinds.js';
import { LONGEST_NAME } from '../../openmetadata/index.js';
import { withoutEffect, type ConnectionModel } from '../../sources/index.js';
import { sink, unusedStep } from '../step-models.js';
import { workflowConfig } from '../workflow-config-model.js';

/** What is specific to a kind's recipes; a step that they don't have is `unusedStep`. */
export interface KindModelParts<Config, Processor, Stage, BulkSink> {
  /**
   * sourceConfig.config; its `type` is a literal with the kind's configType. A function of the model of connections if
   * it has some itself.
   */
  readonly config: z.ZodType<Config> | ((connection: ConnectionModel) => z.ZodType<Config>);
  readonly processor: z.ZodType<Processor>;
  readonly stage: z.ZodType<Stage>;
  readonly bulkSink: z.ZodType<BulkSink>;
  /**
   * Keys of sourceConfig.config that choose what a run works on, besides filter patterns: they distinguish workflow
   * ids.
   */
  readonly selects?: readonly string[];
  /** Replaces a missing `source.serviceName`. By default such a recipe is refused. */
  readonly serviceNameOf?: (sourceConfig: Record<string, unknown>) => string | undefined;
  /** Finds what the model of a connection that isn't chosen by source.type can't find, in what is to be checked. */
  readonly connectionProblems?: (value: unknown) => readonly Conflict[];
  /** Finds keys of a recipe that are valid each by itself but contradict each other. */
  readonly conflicts?: (recipe: RecipeBody<Config, Processor, Stage, BulkSink>) => readonly Conflict[];
}

export interface Conflict {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** The recipe model of one kind. */
export interface KindModel<Recipe extends AnyRecipe = AnyRecipe> {
  /** For a recipe with this `source.type`. @param connection the model of its serviceConnection.config */
  recipe(type: string, connection: ConnectionModel): RecipeModel<Recipe>;
  /** Only its source, with any of these types. */
  source(types: readonly string[], connection: ConnectionModel): z.ZodType;
  readonly steps: StepModels;
  readonly selects: readonly string[];
  readonly serviceNameOf?: (sourceConfig: Record<string, unknown>) => string | undefined;
}

/** What recipes with one kind and one connector are checked against. */
export interface RecipeModel<Recipe> {
  readonly schema: z.ZodType;
  /** The checked recipe, or what is wrong with it. */
  parse(value: unknown): { readonly recipe: Recipe } | { readonly issues: readonly z.core.$ZodIssue[] };
}

/** Models of the steps besides source and sink. */
export interface StepModels {
  readonly processor: z.ZodType;
  readonly stage: z.ZodType;
  readonly bulkSink: z.ZodType;
}

type AnyRecipe = RecipeBody<unknown, unknown, unknown, unknown>;

/** As long as OpenMetadata allows. */
const MOST_FQN = 3_072;

const ingestionPipelineFQN = z
  .string()
  .max(MOST_FQN)
  .regex(/.\../, { error: 'is not `<service>.<pipeline>`, the fully qualified name of an ingestion pipeline.' })
  .describe('service.pipeline: run statuses are reported to this ingestion pipeline, which is made when absent.');

const NAMED_BY: Readonly<Record<'made' | 'read' | 'none', string>> = {
  made: 'Name of the database service in OpenMetadata; made when absent.',
  read: 'Name of the database service in OpenMetadata, whose metadata is there already.',
  none: 'Name of a logical suite of tests; tests of a table are named by entityFullyQualifiedName.',
};

const serviceName = (kind: WorkflowKind): z.ZodString =>
  z
    .string()
    .min(1)
    .max(LONGEST_NAME)
    .regex(/^[^"]*$/, { error: 'has a double quote in it, which OpenMetadata allows in no name.' })
    .describe(NAMED_BY[factsOf(kind).service ?? 'none']);

/** Everything in a recipe except its source and the steps specific to a kind. */
const commonKeys = {
  sink: z.exactOptional(sink),
  workflowConfig,
  ingestionPipelineFQN: z.exactOptional(ingestionPipelineFQN),
  pipelineRunId: withoutEffect(z.exactOptional(z.guid()), 'the id of a run is the first run id of its workflow.'),
  enableStreamableLogs: z
    .boolean()
    .default(false)
    .describe("The run's own log lines go to OpenMetadata too, while it runs. Needs ingestionPipelineFQN."),
  ingestionRunnerName: withoutEffect(z.exactOptional(z.string())),
};

type Frame = z.infer<z.ZodObject<typeof commonKeys>>;

/** A checked recipe without its kind. Secret leaves contain references. */
export interface RecipeBody<Config, Processor, Stage, BulkSink> extends Frame {
  readonly processor?: Processor;
  readonly stage?: Stage;
  readonly bulkSink?: BulkSink;
  readonly source: SourceBody<Config>;
}

export interface SourceBody<Config> {
  /**
   * The connector's, in lower case and without the kind's suffix; may be another type if the query log comes from
   * files.
   */
  readonly type: string;
  readonly serviceName: string;
  /** Absent: taken from the service in OpenMetadata. For a type without a connector: as in the recipe, unchecked. */
  readonly serviceConnection?: { readonly config: Readonly<Record<string, unknown>> };
  readonly sourceConfig: { readonly config: Config };
}

/** Makes the model of a kind's recipes. */
export function kindModel<const Kind extends WorkflowKind, Config, Processor, Stage, BulkSink>(
  kind: Kind,
  parts: KindModelParts<Config, Processor, Stage, BulkSink>
): KindModel<{ readonly kind: Kind } & RecipeBody<Config, Processor, Stage, BulkSink>> {
  const { config, processor, stage, bulkSink, selects = [], serviceNameOf, connectionProblems, conflicts } = parts;
  const steps = {
    processor: z.exactOptional(processor),
    stage: z.exactOptional(stage),
    bulkSink: z.exactOptional(bulkSink),
  };
  const source = (types: readonly string[], connection: ConnectionModel): z.ZodType<SourceBody<Config>> =>
    z
      .strictObject({
        type: z.literal([...types]),
        serviceName: serviceName(kind),
        serviceConnection: z
          .exactOptional(z.strictObject({ config: connection }).meta({ title: 'serviceConnection' }))
          .describe('Taken from the service in OpenMetadata when absent.'),
        sourceConfig: z
          .strictObject({ config: typeof config === 'function' ? config(connection) : config })
          .meta({ title: 'sourceConfig' }),
      })
      .meta({ title: 'source' });
  type Recipe = { readonly kind: Kind } & RecipeBody<Config, Processor, Stage, BulkSink>;
  const make = (type: string, connection: ConnectionModel): RecipeModel<Recipe> => {
    const schema: z.ZodType<RecipeBody<Config, Processor, Stage, BulkSink>> = wholeRecipe(
      source([type], connection),
      steps
    );
    return {
      schema,
      parse: (value) => {
        const untyped = (connectionProblems?.(value) ?? []).map(asIssue);
        const parsed = schema.safeParse(value);
        if (!parsed.success) return { issues: withoutRepeats(untyped, parsed.error.issues) };
        const found = untyped.length > 0 ? untyped : (conflicts?.(parsed.data) ?? []).map(asIssue);
        return found.length === 0 ? { recipe: { kind, ...parsed.data } } : { issues: found };
      },
    };
  };
  // every activity reads its run's recipe, and zod compiles a model when it is first used
  const made = new WeakMap<ConnectionModel, Map<string, RecipeModel<Recipe>>>();
  return {
    recipe: (type, connection) => {
      const models = made.get(connection) ?? new Map<string, RecipeModel<Recipe>>();
      made.set(connection, models);
      const model = models.get(type) ?? make(type, connection);
      models.set(type, model);
      return model;
    },
    source,
    steps: { processor, stage, bulkSink },
    selects,
    ...(serviceNameOf === undefined ? {} : { serviceNameOf }),
  };
}

function asIssue({ path, message }: Conflict): z.core.$ZodIssue {
  return { code: 'custom', path: [...path], message };
}

/** What else is wrong with a connection can't be told before its type is known. */
function withoutRepeats(
  untyped: readonly z.core.$ZodIssue[],
  issues: readonly z.core.$ZodIssue[]
): readonly z.core.$ZodIssue[] {
  const connections = untyped.map(({ path }) => JSON.stringify(path.slice(0, -1)).slice(0, -1));
  return [
    ...untyped,
    ...issues.filter(({ path }) => !connections.some((start) => JSON.stringify(path).startsWith(start))),
  ];
}

/** The source and the steps of a kind, together with what all recipes have. */
export function wholeRecipe<Source extends z.ZodType, Steps extends z.ZodRawShape>(
  source: Source,
  steps: Steps
): z.ZodObject<{ source: Source } & Steps & typeof commonKeys, z.core.$strict> {
  return z.strictObject({ source, ...steps, ...commonKeys }).meta({ title: 'recipe' });
}

/** A recipe whose kind can't be determined: everything except its source is checked. */
export const recipeFrame: z.ZodType = z
  .strictObject({
    source: z.any(),
    processor: z.exactOptional(unusedStep),
    stage: z.exactOptional(unusedStep),
    bulkSink: z.exactOptional(unusedStep),
    ...commonKeys,
  })
  .meta({ title: 'recipe' });
