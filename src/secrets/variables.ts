const NAME = '[A-Za-z_][A-Za-z0-9_]*';
const OPENING = '${';
const NAME_HERE = new RegExp(NAME, 'y');
const WHOLE_VARIABLE = new RegExp(`^\\$\\{${NAME}\\}$`);
/** What a header may have before its token without being a secret itself. */
const HEADER_SCHEME = /^(Bearer|Basic|Token) (?=\$)/;

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Expansion {
  readonly text: string;
  /** Why it could not be expanded, one message per variable, naming variables and never values. */
  readonly problems: readonly string[];
}

interface Variable {
  readonly name: string;
  /** Whatever follows the name, so that an unknown form is reported instead of passed on. */
  readonly rest: string;
  /** From its `$` to after its brace. */
  readonly from: number;
  readonly to: number;
}

/** `${NAME…}`, by hand: a pattern would look for the brace of each `${` through all that follows. */
function* variablesIn(text: string): Generator<Variable, void> {
  let brace = -1;
  for (let from = text.indexOf(OPENING); from !== -1;) {
    const inside = from + OPENING.length;
    if (brace < inside) brace = text.indexOf('}', inside);
    if (brace === -1) return;
    NAME_HERE.lastIndex = inside;
    const name = NAME_HERE.exec(text)?.[0];
    if (name !== undefined) yield { name, rest: text.slice(inside + name.length, brace), from, to: brace + 1 };
    from = text.indexOf(OPENING, name === undefined ? inside : brace + 1);
  }
}

export function hasVariables(text: string): boolean {
  return !variablesIn(text).next().done;
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
  const valueOf = ({ name, rest, from, to }: Variable): string => {
    const value = environment[name];
    if (rest === '') {
      if (value === undefined) problems.push(`environment variable ${name} is not set.`);
      return value ?? '';
    }
    if (rest.startsWith(':-')) return value === undefined || value === '' ? rest.slice(2) : value;
    problems.push(`the form of \${${name}…} is not known. Write \${${name}} or \${${name}:-default}.`);
    return text.slice(from, to);
  };
  const parts: string[] = [];
  let after = 0;
  for (const variable of variablesIn(text)) {
    parts.push(text.slice(after, variable.from), valueOf(variable));
    after = variable.to;
  }
  return { text: after === 0 ? text : parts.join('') + text.slice(after), problems };
}

/** What is wrong with the forms of the variables themselves, whatever is in the environment. */
export function variableFormProblems(text: string): readonly string[] {
  const everySet = new Proxy<Environment>({}, { get: () => 'set' });
  return expandVariables(text, everySet).problems;
}
