/** Words in paths that have other characters than letters. */
const WORDS: ReadonlySet<string> = new Set(['compute.percentile']);
/** What follows one of these is a value, even when it looks like a word. */
const BEFORE_VALUES: ReadonlySet<string | undefined> = new Set(['name', 'logs']);

/**
 * A call's path with its names and ids taken out: `/tables/name/{}`, `/tables/{}/tableProfile`. Used to group calls,
 * and in places where no entity's name should be.
 *
 * @param path after `/v1`, without query
 */
export function routeOf(path: string): string {
  const segments = path.split('/');
  const isWord = (segment: string, at: number): boolean =>
    segment === '' || WORDS.has(segment) || (/^[A-Za-z]+$/.test(segment) && !BEFORE_VALUES.has(segments[at - 1]));
  return segments.map((segment, at) => (isWord(segment, at) ? segment : '{}')).join('/');
}
