/** A list of names, each of which may end in `*`: `MYSQL_*`, or begin with it: `*.example.com:3306`. */
export interface AllowedNames {
  /** As written, for messages. */
  readonly text: string;
  has(name: string): boolean;
}

/** @param text names separated by commas or blanks; case is ignored for hosts, not for variables */
export function allowedNames(text: string, options: { readonly ignoreCase?: boolean } = {}): AllowedNames {
  const fold = (name: string): string => (options.ignoreCase === true ? name.toLowerCase() : name);
  const names = text
    .split(/[\s,]+/)
    .filter((name) => name !== '')
    .map(fold);
  return {
    text: names.join(', '),
    has: (name) => names.some((allowed) => fits(allowed, fold(name))),
  };
}

function fits(allowed: string, name: string): boolean {
  if (allowed.endsWith('*')) return name.startsWith(allowed.slice(0, -1));
  if (allowed.startsWith('*')) return name.endsWith(allowed.slice(1));
  return name === allowed;
}
