import { parse } from 'yaml';
import { z } from 'zod';
import { harmlessLine } from '../../errors/index.js';
import { isNestedTooDeeply } from '../../recipe/index.js';
import { FileRefused, readRegularFileSync } from '../../reach/index.js';
import { KIND_NAMES } from '../../contract/kinds.js';
import { ScheduleError } from './schedule-error.js';
import { OVERLAP_NAMES } from './overlap-names.js';

const duration = z.union([z.string(), z.number()]);

/** One schedule in a file: ScheduleOptions, and the recipe as `om-ingest run` takes it. */
const entry = z.strictObject({
  recipe: z.string().min(1),
  kind: z.enum(KIND_NAMES).optional(),
  id: z.string().min(1).optional(),
  cron: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]),
  timeZone: z.string().min(1).optional(),
  jitter: duration.optional(),
  overlap: z.enum(OVERLAP_NAMES).optional(),
  catchUp: duration.optional(),
  pauseOnFailure: z.boolean().optional(),
  paused: z.boolean().optional(),
  note: z.string().optional(),
  taskQueue: z.string().min(1).optional(),
});
/** Bytes. */
const LARGEST = 1024 * 1024;

const file = z.strictObject({ schedules: z.array(entry).min(1) });

export type ScheduleEntry = z.infer<typeof entry>;

/**
 * Reads a YAML file `schedules: [{recipe, cron, …}, …]`. @throws ScheduleError naming the file and what is wrong in it
 */
export function readScheduleFile(path: string): readonly ScheduleEntry[] {
  let value: unknown;
  try {
    const text = readRegularFileSync(path, LARGEST).toString('utf8');
    if (isNestedTooDeeply(text)) throw new FileRefused('is nested too deeply');
    value = parse(text, { prettyErrors: false });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ScheduleError(
      error instanceof FileRefused ? `${path} ${reason}.` : `${path} is not YAML: ${harmlessLine(reason)}`,
      {
        cause: error,
      }
    );
  }
  const parsed = file.safeParse(value);
  if (parsed.success) return parsed.data.schedules;
  const problems = parsed.error.issues.map(
    ({ path: at, message }) => `  ${harmlessLine(`${at.join('.') || 'the file'}: ${message}`)}`
  );
  const keys = Object.keys(entry.shape).join(', ');
  throw new ScheduleError(
    `${path} isn't a file of schedules:\n${problems.join('\n')}\nIt is a list \`schedules:\` of ${keys}; recipe and cron must be there.`
  );
}
