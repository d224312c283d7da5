import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Client } from '@temporalio/client';

/** NODE_OPTIONS that load one of the preloads before a worker. */
export function preload(name: 'full-disk' | 'without-workflows'): string {
  return `--import ${pathToFileURL(path.resolve('dist/test/faults/kinds/preloads', `${name}.js`)).href}`;
}

/** Workflow tasks that failed in the worker whose metrics are served there. */
export function failedWorkflowTasks(metrics: string): Promise<number> {
  return sumOf(metrics, /^temporal_workflow_task_execution_failed(?:_total)?\{.*\} ([\d.e+]+)$/gm);
}

async function sumOf(metrics: string, line: RegExp): Promise<number> {
  const text = await (await fetch(`http://${metrics}/metrics`)).text();
  return [...text.matchAll(line)].reduce((sum, [, value]) => sum + Number(value), 0);
}

/** Makes a version of a deployment the current one, once the server knows it by a poll. */
export async function makeCurrent(client: Client, deploymentName: string, buildId: string): Promise<void> {
  const request = { namespace: 'default', deploymentName, buildId, ignoreMissingTaskQueues: true };
  for (const end = Date.now() + 30_000; ; await sleep(200)) {
    try {
      await client.workflowService.setWorkerDeploymentCurrentVersion(request);
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}
