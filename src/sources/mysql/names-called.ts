import { namesInText, type NameInText, type SqlSession } from '../../sql/index.js';

export interface CalledName extends Pick<NameInText, 'schema' | 'name'> {
  /** MariaDB's: `schema.package.routine`. */
  readonly package?: string;
}

/**
 * Each name before an opening bracket, functions, the server's own too, and tables with a list of columns; and behind
 * CALL, which needs no brackets.
 */
export function namesCalled(text: string, session?: SqlSession): readonly CalledName[] {
  return calledIn(text, session, ({ use }) => use !== 'other');
}

const MAY_CALL = /call/i;

/** The procedures that a text calls. */
export function proceduresCalled(text: string, session?: SqlSession): readonly CalledName[] {
  return MAY_CALL.test(text) ? calledIn(text, session, ({ use }) => use === 'called') : [];
}

/** The functions that a text calls, and all else with brackets. */
export function functionsCalled(text: string, session?: SqlSession): readonly CalledName[] {
  return calledIn(text, session, ({ use }) => use === 'bracketed');
}

/** Each name and word. */
export function namesIn(text: string, session?: SqlSession): readonly CalledName[] {
  return namesInText(text, 'mysql', session);
}

function calledIn(
  text: string,
  session: SqlSession | undefined,
  isMeant: (name: NameInText) => boolean
): readonly CalledName[] {
  return namesInText(text, 'mysql', session)
    .filter(isMeant)
    .map(({ outer, schema, name }) =>
      outer === undefined || schema === undefined ? { schema, name } : { schema: outer, package: schema, name }
    );
}
