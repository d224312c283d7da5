import { START, translate } from './python-syntax.js';

/**
 * The pattern as OpenMetadata applies it: matched at the start of a name (not anywhere in it), ignoring case.
 * @throws Error that names the pattern and what is wrong with it.
 */
export function compilePattern(text: string): RegExp {
  try {
    const { flags, rest } = leadingFlags(text);
    const source = translate(rest);
    // On its own first: `a)|(b` must not close the group put around it.
    new RegExp(source, `${flags}iu`);
    return new RegExp(`${START}(?:${source})`, `${flags}iu`);
  } catch (error) {
    const reason =
      error instanceof Error ? error.message.replace(/^Invalid regular expression: .*: /s, '') : String(error);
    const shown = text.length > 80 ? `${text.slice(0, 79)}…` : text;
    const told = `${reason.charAt(0).toLowerCase()}${reason.slice(1)}`.replace(/\.$/, '');
    throw new Error(`\`${shown}\` is not a valid pattern: ${told}.`, { cause: error });
  }
}

/** `(?i)` and the like, which Python allows at the start only. Case is ignored anyway. */
function leadingFlags(text: string): { flags: string; rest: string } {
  const match = /^\(\?([aiLmsux]+)\)/.exec(text);
  if (match === null) return { flags: '', rest: text };
  const given = match[1] ?? '';
  if (given.includes('x'))
    throw new Error('the verbose flag (?x) is not supported; write the pattern without spaces and comments');
  return { flags: ['m', 's'].filter((flag) => given.includes(flag)).join(''), rest: text.slice(match[0].length) };
}
