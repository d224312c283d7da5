import { maskLiterals, parseLineage, type SqlSession } from '../../sql/index.js';

/**
 * `definer[definer] @ host [host]`: a session has an address there, which no name of a host is, or none at all. A role
 * (`role[role] @  []`) has neither.
 */
const DEFINER = /[^[]\] @ (\S*) \[\1\]$/;
/** The row that changed, in a text where nothing else has its name. */
const MAY_NAME_ROW = /\b(?:new|old)`?\s*\./i;
const NAMES_ROW = /(?<![\w$`.])(?:`(?:new|old)`|new|old)\s*\.\s*[\w$`]/i;
const NAMED_SO =
  /\bas\s+`?(?:new|old)\b(?!`?\s*\.)|(?:\)|\b(?:from|join|update|into)\s+[\w$.`]+|,\s*[\w$.`]+)\s+`?(?:new|old)\b(?!`?\s*\.)|\b(?:new|old)`?\s*(?:\([^)]*\))?\s*\bas\s*\(/i;
/** The server writes a body's own variables so. */
const HAS_VARIABLES = /\bname_const\s*\(/i;
const MAY_FILL = /^\s*select\b[^]*\binto\b/i;
const FILLS_VARIABLE = /^\s*select\b[^;]*\binto\s+(?!(?:outfile|dumpfile)\b)[\w$`]/i;
/** Texts of which it is known whether they name the row that changed. */
const TEXTS = 1_000;
const LONGEST = 2_000;

/** A body with a definer is logged under the definer's account. */
export function isDefiner(account: string): boolean {
  return DEFINER.test(account);
}

export function hasVariables(text: string): boolean {
  return HAS_VARIABLES.test(text);
}

/** A SELECT INTO whose variable has no `@`: elsewhere the server refuses it. */
export function fillsVariable(text: string, session: SqlSession | undefined): boolean {
  return MAY_FILL.test(text) && FILLS_VARIABLE.test(maskLiterals(text, 'mysql', session));
}

/** Tells the texts that name the row that changed, as only triggers do. */
export class ChangedRows {
  readonly #known = new Map<string, boolean>();

  isNamedIn(text: string, session: SqlSession | undefined): boolean {
    if (!MAY_NAME_ROW.test(text)) return false;
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const names = namesRow(text, session);
    if (text.length <= LONGEST) this.#known.set(text, names);
    const oldest = this.#known.keys().next();
    if (this.#known.size > TEXTS && oldest.done !== true) this.#known.delete(oldest.value);
    return names;
  }
}

/** NEW and OLD may also be a table, a schema or an alias of the text itself. */
function namesRow(text: string, session: SqlSession | undefined): boolean {
  const masked = maskLiterals(text, 'mysql', session);
  if (!NAMES_ROW.test(masked) || NAMED_SO.test(masked)) return false;
  const { sources, targets, changed, intermediate } = parseLineage(text, 'mysql', session);
  return ![...sources, ...targets, ...changed, ...intermediate].some(({ parts }) =>
    parts.some((part) => /^(?:new|old)$/i.test(part))
  );
}
