import { z } from 'zod';

const TRUE = /^(true|t|yes|y|on|1)$/i;
const FALSE = /^(false|f|no|n|off|0)$/i;
const WHOLE = /^[+-]?\d+(\.0+)?$/;
const DECIMAL = /^[+-]?(\d+(?:\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/**
 * Text that means a number or boolean, as that number or boolean, as OpenMetadata's own parser does; anything else
 * unchanged.
 */
export function coerced(model: z.ZodType, value: unknown): unknown {
  if (model instanceof z.ZodBoolean) return toBoolean(value);
  if (model instanceof z.ZodNumber && typeof value === 'string') {
    const text = value.trim();
    const pattern = model instanceof z.ZodNumberFormat ? WHOLE : DECIMAL;
    return pattern.test(text) ? Number(text) : value;
  }
  return value;
}

function toBoolean(value: unknown): unknown {
  const text = typeof value === 'string' ? value.trim() : value === 0 || value === 1 ? String(value) : undefined;
  if (text === undefined) return value;
  if (TRUE.test(text)) return true;
  return FALSE.test(text) ? false : value;
}
