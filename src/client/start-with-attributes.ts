import {
  isGrpcServiceError,
  type Client,
  type WorkflowHandleWithFirstExecutionRunId,
  type WorkflowStartOptions,
} from '@temporalio/client';
import { attributePairs } from '../workflows/search-attributes.js';
import type { DescribedRecipe } from './recipe-reference.js';

/** gRPC's number of INVALID_ARGUMENT. */
const INVALID_ARGUMENT = 3;

/**
 * Starts a workflow, with search attributes if they are registered. A server whose frontends haven't all heard of them
 * yet refuses such a start: then it is started without, and the workflow sets them itself.
 */
export async function startWithAttributes(
  client: Client,
  registered: boolean,
  { workflowType, attributes }: Pick<DescribedRecipe, 'workflowType' | 'attributes'>,
  options: WorkflowStartOptions
): Promise<WorkflowHandleWithFirstExecutionRunId> {
  if (!registered) return client.workflow.start(workflowType, options);
  const typedSearchAttributes = attributePairs({ ...attributes, state: 'queued' });
  try {
    return await client.workflow.start(workflowType, { ...options, typedSearchAttributes });
  } catch (error) {
    if (!refusesAttributes(error)) throw error;
    return client.workflow.start(workflowType, options);
  }
}

function refusesAttributes(error: unknown): boolean {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return (
    isGrpcServiceError(cause) && Number(cause.code) === INVALID_ARGUMENT && /search attribute/i.test(cause.details)
  );
}
