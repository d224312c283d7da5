import { InvalidArgumentError } from 'commander';

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };
const FORM = /^(\d+)(s|m|h)$/;
/** How long `run` waits for a run's first contact, milliseconds. */
const FIRST_CONTACT_MS = 60_000;

/** Checks a duration given on the command line: `60s`, `10m`, `2h`. @throws InvalidArgumentError for any other text */
export function duration(text: string): string {
  if (FORM.test(text)) return text;
  throw new InvalidArgumentError('A duration is a whole number with s, m or h, for example 60s or 10m.');
}

/** Milliseconds of `--wait`; a minute by default. */
export function waitMs(text: string | undefined): number {
  const [, number, unit] = FORM.exec(text ?? '') ?? [];
  return number === undefined || unit === undefined ? FIRST_CONTACT_MS : Number(number) * (UNITS[unit] ?? 0);
}

export function durationText(milliseconds: number): string {
  return milliseconds % 60_000 === 0 && milliseconds > 60_000
    ? `${milliseconds / 60_000} min`
    : `${milliseconds / 1_000} s`;
}
