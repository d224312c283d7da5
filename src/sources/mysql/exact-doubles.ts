/** How the driver has a value of a row read; `next` reads it as the driver would. */
export type TypeCast = (field: CastField, next: () => unknown) => unknown;

export interface CastField {
  readonly type: string;
  string(encoding?: string): string | null;
}

/**
 * The double that the server wrote. What has up to 17 characters the driver itself puts together digit by digit, which
 * is often a neighbour of it: 964842217.6518503 of 964842217.6518505.
 */
export const exactDoubles: TypeCast = (field, next) => {
  if (field.type !== 'DOUBLE' && field.type !== 'FLOAT') return next();
  const text = field.string('ascii');
  return text === null ? null : Number(text);
};
