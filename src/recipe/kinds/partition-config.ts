import { z } from 'zod';
import { ANY_SIZE } from '../any-size.js';

const WHOLE = /^\s*[+-]?\d+(\.0+)?\s*$/;

/** Of any size: digits that a double can't hold are a text. */
const whole = z.union([
  z.int().meta({ [ANY_SIZE]: true }),
  z
    .string()
    .regex(WHOLE, { abort: true })
    .overwrite((text) => (WHOLE.test(text) ? String(BigInt(text.trim().replace(/\..*/, ''))) : text))
    .meta({ title: 'a whole number' }),
]);

const keys = z
  .strictObject({
    enablePartitioning: z.exactOptional(z.boolean()).describe('`false` switches the partition off.'),
    partitionColumnName: z.exactOptional(z.string()),
    partitionIntervalType: z.exactOptional(z.enum(['TIME-UNIT', 'INTEGER-RANGE', 'INGESTION-TIME', 'COLUMN-VALUE'])),
    partitionInterval: z.exactOptional(z.int()),
    partitionIntervalUnit: z.exactOptional(z.enum(['YEAR', 'MONTH', 'DAY', 'HOUR'])),
    partitionValues: z.exactOptional(z.array(z.union([z.string(), z.number(), z.boolean()]))),
    partitionIntegerRangeStart: z.exactOptional(whole),
    partitionIntegerRangeEnd: z.exactOptional(whole),
  })
  .meta({ title: 'partitionConfig' });

type Keys = z.infer<typeof keys>;
type Key = keyof Keys;

/** What each type needs besides the column. */
const NEEDS: Readonly<Record<NonNullable<Keys['partitionIntervalType']>, readonly Key[]>> = {
  'TIME-UNIT': ['partitionInterval', 'partitionIntervalUnit'],
  'INGESTION-TIME': ['partitionInterval', 'partitionIntervalUnit'],
  'INTEGER-RANGE': ['partitionIntegerRangeStart', 'partitionIntegerRangeEnd'],
  'COLUMN-VALUE': ['partitionValues'],
};

/** A part of a table's rows. One that is incomplete, or that no row can be in, is refused. */
export const partitionConfig = keys.superRefine((partition, context) => {
  if (partition.enablePartitioning === false) return;
  const {
    partitionColumnName: column,
    partitionIntervalType: type,
    partitionInterval: interval,
    partitionIntegerRangeStart: start,
    partitionIntegerRangeEnd: end,
  } = partition;
  const refuse = (message: string, key?: Key): void =>
    context.addIssue({ code: 'custom', path: key === undefined ? [] : [key], message });
  if (type === undefined) {
    if (column !== undefined)
      refuse(
        `has partitionColumnName and no partitionIntervalType. Allowed: ${Object.keys(NEEDS).join(', ')}. Add one, or leave partitionConfig out for all rows.`
      );
    return;
  }
  const needed: readonly Key[] = ['partitionColumnName', ...NEEDS[type]];
  const missing = needed.filter((key) => partition[key] === undefined);
  if (missing.length > 0)
    refuse(
      `is of the type ${type} and lacks ${missing.join(' and ')}. A partition of this type needs ${needed.join(', ')}. Add what is missing, or leave partitionConfig out for all rows.`
    );
  if (NEEDS[type].includes('partitionValues') && partition.partitionValues?.length === 0)
    refuse('found no value. Name at least one, or leave partitionConfig out for all rows.', 'partitionValues');
  if (NEEDS[type].includes('partitionInterval') && interval !== undefined && interval < 0)
    refuse(
      `found ${interval}; allowed: 1 or more. It counts back from the run's time: \`7\` with the unit DAY are the last seven days.`,
      'partitionInterval'
    );
  if (!NEEDS[type].includes('partitionIntegerRangeEnd') || start === undefined || end === undefined) return;
  if (BigInt(start) > BigInt(end))
    refuse(
      `found ${end}, which is less than partitionIntegerRangeStart (${start}): no row is in between. Allowed: ${start} or more. Exchange the two if they were confused.`,
      'partitionIntegerRangeEnd'
    );
});
