const MINUTE_MS = 60_000;
const QUARTER_MS = 15 * MINUTE_MS;
const OFFSET = /^([+-])(\d{1,2}):([0-5]\d)$/;
/** Quarters of an hour remembered for each zone. */
const REMEMBERED = 10_000;

/** A time zone of a session. */
export interface Zone {
  /** Milliseconds that its clock is ahead of UTC. @param at milliseconds since the epoch */
  offsetAt(at: number): number;
  readonly isFixed: boolean;
}

/** `+09:00`, or a name of the IANA database. @returns undefined for what is neither */
export function zoneNamed(name: string): Zone | undefined {
  const [, sign, hours, minutes] = OFFSET.exec(name.trim()) ?? [];
  if (sign !== undefined) {
    const offset = (Number(hours) * 60 + Number(minutes)) * MINUTE_MS * (sign === '-' ? -1 : 1);
    return { offsetAt: () => offset, isFixed: true };
  }
  try {
    return new NamedZone(name.trim());
  } catch {
    return undefined;
  }
}

/** When a clock of the zone showed `local`, given as if it were UTC. Of two moments, the later one. */
export function fromLocal(zone: Zone, local: number): number {
  const near = local - zone.offsetAt(local);
  return local - zone.offsetAt(near);
}

class NamedZone implements Zone {
  readonly isFixed: boolean;
  readonly #format: Intl.DateTimeFormat;
  readonly #offsets = new Map<number, number>();

  /** @throws RangeError for a name that Node doesn't know */
  constructor(name: string) {
    const fields = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const;
    this.#format = new Intl.DateTimeFormat('en-US', { timeZone: name, hourCycle: 'h23', ...fields });
    this.isFixed = /^(?:etc\/)?(?:utc|gmt|uct|zulu|universal|greenwich)$/i.test(name);
  }

  offsetAt(at: number): number {
    const quarter = Math.floor(at / QUARTER_MS);
    const known = this.#offsets.get(quarter);
    if (known !== undefined) return known;
    const part = Object.fromEntries(
      this.#format.formatToParts(quarter * QUARTER_MS).map(({ type, value }) => [type, Number(value)])
    );
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = part;
    const offset = Date.UTC(year, month - 1, day, hour, minute) - quarter * QUARTER_MS;
    if (this.#offsets.size >= REMEMBERED) this.#offsets.clear();
    this.#offsets.set(quarter, offset);
    return offset;
  }
}
