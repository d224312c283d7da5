const numbers = new Intl.NumberFormat('en-US');

/** `1 query`, `2 queries`, `1,200 queries`. */
export function countWords(count: number, one: string, many: string): string {
  return `${numbers.format(count)} ${count === 1 ? one : many}`;
}
