import type { Parameters } from './parameters.js';

/** An inclusive range; an open end is -Infinity or Infinity. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
}

export function boundsOf(parameters: Parameters, min: string, max: string): Bounds {
  return { min: parameters.number(min) ?? -Infinity, max: parameters.number(max) ?? Infinity };
}

export function isWithin(value: number, { min, max }: Bounds): boolean {
  return value >= min && value <= max;
}

/** The ends that are set, as a condition. */
export function setEnds({ min, max }: Bounds): { min?: number; max?: number } {
  return { ...(min === -Infinity ? {} : { min }), ...(max === Infinity ? {} : { max }) };
}
