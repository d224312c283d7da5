const NAME = '[A-Za-z_][A-Za-z0-9_]*';
/** `${NAME…}` with whatever follows the name, so that an unknown form is reported instead of passed on. */
const VARIABLE = new RegExp(`\\$\\{(${NAME})([^}]*)\\}`, 'g');
const WHOLE_VARIABLE = new RegExp(`^\\$\\{${NAME}\\}$`);
/** What a header may have before its token without being a secret itself. */
const HEADER_SCHEME = /^(Bearer|Basic|Token) (?=\$)/;

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Expansion {
  readonly text: string;
  /** Why it could not be expanded, one message per variable, naming variables and never values. */
  readonly problems: readonly string[];
}

export function hasVariables(text: string): boolean {
  return text.search(VARIABLE) !== -1;
}

/** True for `${NAME}` alone or after `Bearer `: text that contains no part of a secret itself. */
export function isPlainVariable(text: string): boolean {
  return WHOLE_VARIABLE.test(text.replace(HEADER_SCHEME, ''));
}

/**
 * Replaces `${NAME}` and `${NAME:-default}`; the default also replaces an empty variable. `${2}` isn't a variable and
 * stays.
 */
export function expandVariables(text: string, environment: Environment): Expansion {
  const problems: string[] = [];
  const expanded = text.replace(VARIABLE, (found, name: string, rest: string) => {
    const value = environment[name];
    if (rest === '') {
      if (value === undefined) problems.push(`environment variable ${name} is not set.`);
      return value ?? '';
    }
    if (rest.startsWith(':-')) return value === undefined || value === '' ? rest.slice(2) : value;
    problems.push(`the form of \${${name}…} is not known. Write \${${name}} or \${${name}:-default}.`);
    return found;
  });
  return { text: expanded, problems };
}

/** What is wrong with the forms of the variables themselves, whatever is in the environment. */
export function variableFormProblems(text: string): readonly string[] {
  const everySet = new Proxy<Environment>({}, { get: () => 'set' });
  return expandVariables(text, everySet).problems;
}
