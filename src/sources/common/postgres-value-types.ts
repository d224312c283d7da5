import type { CustomTypesConfig } from 'pg';

const PARSERS: ReadonlyMap<number, (text: string) => unknown> = new Map<number, (text: string) => unknown>([
  // bool, int8, int2, int4, oid, float4, float8, json
  [16, (text) => text === 't'],
  [20, (text) => (Number.isSafeInteger(Number(text)) ? Number(text) : text)],
  [21, Number],
  [23, Number],
  [26, Number],
  [700, Number],
  [701, Number],
  [114, (text) => JSON.parse(text) as unknown],
]);

/**
 * Values as the server writes them, except for types that JavaScript has without loss: rows are checked by their own
 * models.
 */
export const valueTypes: CustomTypesConfig = {
  getTypeParser: ((oid: number) => PARSERS.get(oid) ?? ((text: string) => text)) as CustomTypesConfig['getTypeParser'],
};
