const NAME = '`((?:[^`]|``)+)`|([\\w$]+)';
const CALL = new RegExp(`(?:(?:${NAME})\\s*\\.\\s*)?(?:${NAME})\\s*\\(`, 'g');

export interface CalledName {
  readonly schema: string | undefined;
  readonly name: string;
}

/** Each name before an opening bracket: functions, the server's own too, and tables with a list of columns. */
export function namesCalled(text: string): readonly CalledName[] {
  return [...text.matchAll(CALL)].map(([, quotedSchema, schema, quoted, name]) => ({
    schema: quotedSchema?.replaceAll('``', '`') ?? schema,
    name: quoted?.replaceAll('``', '`') ?? name ?? '',
  }));
}
