import { closeSync, openSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { DataConverter } from '@temporalio/common';
import type { WorkerOptions } from '@temporalio/worker';
import { z } from 'zod';
import { ENCODED_FAILURES } from './encrypting-codec.js';

/** Where `npm run build` puts the bundle; it is part of the package. */
export const BUNDLE_FILE = fileURLToPath(new URL('../workflow-bundle.js', import.meta.url));
/** The same for workers that encrypt: messages of failures are encoded in it. */
export const ENCODING_BUNDLE_FILE = fileURLToPath(new URL('../workflow-bundle-encoding.js', import.meta.url));
export const WORKFLOWS_FILE = fileURLToPath(new URL('../workflows/index.js', import.meta.url));

const MADE_WITH = '// made with @temporalio/worker ';

/** The bundle as it is kept: with the version of the SDK that made it. */
export function bundleText(code: string): string {
  return `${MADE_WITH}${sdkVersion()}\n${code}`;
}

/**
 * The prebuilt bundle, which saves seconds at each start; the compiled workflow files, which the worker bundles itself,
 * where there is none or another version of the SDK made it: workflow code and worker of two versions need not
 * understand each other; nor does the prebuilt one know converters of a program's own.
 */
export function workflowSource(
  { failureConverterPath, payloadConverterPath }: DataConverter = {},
  files = { plain: BUNDLE_FILE, encoding: ENCODING_BUNDLE_FILE }
): Pick<WorkerOptions, 'workflowBundle'> | Pick<WorkerOptions, 'workflowsPath'> {
  const encodes = failureConverterPath === ENCODED_FAILURES;
  const own = payloadConverterPath !== undefined || (failureConverterPath !== undefined && !encodes);
  const file = encodes ? files.encoding : files.plain;
  return !own && madeWith(file) === sdkVersion()
    ? { workflowBundle: { codePath: file } }
    : { workflowsPath: WORKFLOWS_FILE };
}

function sdkVersion(): string {
  const manifest: unknown = createRequire(import.meta.url)('@temporalio/worker/package.json');
  return z.object({ version: z.string() }).parse(manifest).version;
}

/** Undefined when there is no such file, or it isn't ours. */
function madeWith(file: string): string | undefined {
  let handle: number;
  try {
    handle = openSync(file, 'r');
  } catch {
    return undefined;
  }
  try {
    const start = Buffer.alloc(100);
    const [line = ''] = start.toString('utf8', 0, readSync(handle, start)).split('\n');
    return line.startsWith(MADE_WITH) ? line.slice(MADE_WITH.length) : undefined;
  } finally {
    closeSync(handle);
  }
}
