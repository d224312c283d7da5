/** All members of a union at once: `{a: 1} | {b: 2}` becomes `{a: 1, b: 2}`. */
export type Merged<Union> = {
  readonly [Name in Union extends unknown ? keyof Union : never]: Union extends Readonly<Record<Name, infer Value>>
    ? Value
    : never;
};
