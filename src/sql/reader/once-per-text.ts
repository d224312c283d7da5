import type { Cursor } from './cursor.js';

/** What `find` finds in a text, which it searches once, when first asked; kept as long as the text's tokens are. */
export function oncePerText<Found extends object | boolean>(
  find: (cursor: Cursor) => Found
): (cursor: Cursor) => Found {
  const known = new WeakMap<Cursor['list'], Found>();
  return (cursor) => {
    let found = known.get(cursor.list);
    if (found === undefined) {
      found = find(cursor);
      known.set(cursor.list, found);
    }
    return found;
  };
}
