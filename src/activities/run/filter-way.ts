/** What an entity may be to a recipe's filters, and why it would be left out; absent: it is let in. */
export interface FilterWay {
  readonly as: string;
  readonly reason: string | undefined;
}

/** A database or schema that is left out, and all below it. */
export function leftOutAbove(kind: string, name: string, reason: string | undefined): FilterWay | undefined {
  return reason === undefined ? undefined : { as: `${kind} ${name} is`, reason };
}
