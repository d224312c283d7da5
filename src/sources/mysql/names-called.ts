const NAME = '`((?:[^`]|``)+)`|([\\w$\\u0080-\\uffff]+)';
const NAMED = `(?:(?:${NAME})\\s*\\.\\s*)?(?:${NAME})`;
const ANYWHERE = new RegExp(NAMED, 'g');
const BEFORE_BRACKET = new RegExp(`${NAMED}\\s*\\(`, 'g');
const BEHIND_CALL = new RegExp(`\\bcall\\s+${NAMED}`, 'gi');

export interface CalledName {
  readonly schema: string | undefined;
  readonly name: string;
}

/**
 * Each name before an opening bracket, functions, the server's own too, and tables with a list of columns; and behind
 * CALL, which needs no brackets.
 */
export function namesCalled(text: string): readonly CalledName[] {
  return [...text.matchAll(BEFORE_BRACKET), ...text.matchAll(BEHIND_CALL)].map(asName);
}

/** Each name and word. */
export function namesIn(text: string): readonly CalledName[] {
  return Array.from(text.matchAll(ANYWHERE), asName);
}

function asName([, quotedSchema, schema, quoted, name]: RegExpExecArray): CalledName {
  return {
    schema: quotedSchema?.replaceAll('``', '`') ?? schema,
    name: quoted?.replaceAll('``', '`') ?? name ?? '',
  };
}
