/**
 * Loaded into a worker before anything else: its bundle lacks the workflows, as that of a build that went wrong. Each
 * workflow task that it takes fails, and is tried again for ever.
 */
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

const read = fs.readFile;
fs.readFile = (async (...args: Parameters<typeof read>) => {
  const content = await read(...args);
  const [file] = args;
  if (typeof file !== 'string' || !file.endsWith('workflow-bundle.js')) return content;
  const without = content.toString().replaceAll(/\b(metadata|lineage|usage|profiler|testSuite)Workflow\b/g, '$1Gone');
  return typeof content === 'string' ? without : Buffer.from(without);
}) as typeof read;
syncBuiltinESMExports();
