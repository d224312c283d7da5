import type { Client } from '@temporalio/client';
import { Runtime } from '@temporalio/worker';
import { METRICS } from '../contract/metric-names.js';

/** How often gauges are measured, milliseconds. */
const EVERY_MS = 10_000;
/** `TaskQueueType.ACTIVITY` */
const ACTIVITY = 2;

/**
 * Keeps the gauges of a worker up to date: its memory, and what waits on its queues.
 * @returns stops it
 */
export function measureWorker(client: Client, namespace: string, queues: readonly string[]): () => void {
  const { metricMeter } = Runtime.instance();
  const rss = metricMeter.createGauge(METRICS.rss.name, 'int', 'By', METRICS.rss.help);
  const backlog = metricMeter.createGauge(METRICS.backlog.name, 'int', undefined, METRICS.backlog.help);
  const measure = async (): Promise<void> => {
    rss.set(process.memoryUsage.rss());
    for (const name of queues) {
      const { stats } = await client.workflowService.describeTaskQueue({
        namespace,
        taskQueue: { name },
        taskQueueType: ACTIVITY,
        reportStats: true,
      });
      backlog.set(Number(stats?.approximateBacklogCount ?? 0), { task_queue: name });
    }
  };
  // A server that can't answer is seen by the SDK's own metrics.
  const measureQuietly = (): void => void measure().catch(() => undefined);
  measureQuietly();
  const timer = setInterval(measureQuietly, EVERY_MS).unref();
  return () => clearInterval(timer);
}
