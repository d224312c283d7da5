/**
 * A worker's own metrics, besides the SDK's `temporal_…`. The names are used in dashboards and alerts and never change.
 */
export const METRICS = {
  records: { name: 'om_ingest_records', help: 'Records, by kind, step and what became of them' },
  failures: { name: 'om_ingest_failures', help: 'Records that failed, by kind and step' },
  attempts: { name: 'om_ingest_failed_attempts', help: 'Attempts of stages that ended by an error, by kind and cause' },
  statements: { name: 'om_ingest_statements', help: 'Statements sent to sources, by kind' },
  sourceMs: { name: 'om_ingest_statement_milliseconds', help: 'Wall time of statements, by kind' },
  requests: { name: 'om_ingest_requests', help: 'Requests sent to OpenMetadata, by kind' },
  sinkMs: { name: 'om_ingest_request_milliseconds', help: 'Wall time of requests, by kind' },
  rss: { name: 'om_ingest_rss_bytes', help: 'Resident memory of the worker' },
  backlog: {
    name: 'om_ingest_queue_backlog',
    help: 'Activities that wait for a slot, by queue, as Temporal estimates it',
  },
} as const;
