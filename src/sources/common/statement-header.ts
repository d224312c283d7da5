/**
 * The comment at the head of every statement sent to a source. By its first words OpenMetadata's query-log readers
 * (this project's and others') leave out the ingestion's own statements.
 *
 * @param runTag project, version, workflow kind and run; never a secret.
 */
export function statementHeader(runTag: string): string {
  // A `*/` inside the tag would end the comment early.
  const tag = JSON.stringify(runTag).replaceAll('*/', '*\\/');
  return `/* {"app": "OpenMetadata", "run": ${tag}} */\n`;
}
