/** Compiled with the rest, never run: what users' code relies on is a type error here when it changes. */
import { expectTypeOf } from 'expect-type';
import {
  createClient,
  createWorker,
  readWorkerSettings,
  type CreateWorkerOptions,
  type IngestionClient,
  type IngestionRun,
  type IngestionWorker,
  type LineageWorkflow,
  type MetadataWorkflow,
  type RunReport,
  type RunState,
  type StepReport,
  type WorkerSettings,
  type WorkflowInput,
} from '../../src/index.js';

expectTypeOf<typeof MetadataWorkflow.create>().parameter(0).toBeUnknown();
expectTypeOf<typeof MetadataWorkflow.create>().returns.resolves.toEqualTypeOf<MetadataWorkflow>();
expectTypeOf<typeof LineageWorkflow.create>().returns.resolves.toEqualTypeOf<LineageWorkflow>();
expectTypeOf<MetadataWorkflow>().toHaveProperty('execute').returns.resolves.toEqualTypeOf<RunReport>();
expectTypeOf<MetadataWorkflow>().toHaveProperty('raiseFromStatus').returns.toBeVoid();
expectTypeOf<MetadataWorkflow>().toHaveProperty('printStatus').returns.toBeVoid();
expectTypeOf<MetadataWorkflow>().toHaveProperty('stop').returns.resolves.toBeVoid();
expectTypeOf<MetadataWorkflow>().toHaveProperty('report').toEqualTypeOf<RunReport | undefined>();

expectTypeOf(createClient).returns.resolves.toEqualTypeOf<IngestionClient>();
expectTypeOf<IngestionClient>().toHaveProperty('start').returns.resolves.toEqualTypeOf<IngestionRun>();
expectTypeOf<IngestionRun>().toHaveProperty('wait').returns.resolves.toEqualTypeOf<RunReport>();

expectTypeOf(createWorker).parameter(0).toEqualTypeOf<CreateWorkerOptions>();
expectTypeOf(createWorker).returns.resolves.toEqualTypeOf<IngestionWorker>();
expectTypeOf(readWorkerSettings).returns.toEqualTypeOf<WorkerSettings>();
expectTypeOf<CreateWorkerOptions>().toHaveProperty('installRuntime').toEqualTypeOf<boolean | undefined>();

expectTypeOf<RunReport>().toHaveProperty('state').toEqualTypeOf<RunState>();
expectTypeOf<RunReport>().toHaveProperty('steps').toExtend<readonly StepReport[]>();
expectTypeOf<{ recipePath: string }>().toExtend<WorkflowInput>();
expectTypeOf<{ recipeYaml: string; asOf: string }>().toExtend<WorkflowInput>();
expectTypeOf<{ recipe: object }>().toExtend<WorkflowInput>();
