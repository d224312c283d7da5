import { namesInText, type NameInText, type SqlSession } from '../../sql/index.js';

export type CalledName = Pick<NameInText, 'schema' | 'name'>;

/**
 * Each name before an opening bracket, functions, the server's own too, and tables with a list of columns; and behind
 * CALL, which needs no brackets.
 */
export function namesCalled(text: string, session?: SqlSession): readonly CalledName[] {
  return namesInText(text, 'mysql', session).filter(({ use }) => use !== 'other');
}

const MAY_CALL = /call/i;

/** The procedures that a text calls. */
export function proceduresCalled(text: string, session?: SqlSession): readonly CalledName[] {
  return MAY_CALL.test(text) ? namesInText(text, 'mysql', session).filter(({ use }) => use === 'called') : [];
}

/** Each name and word. */
export function namesIn(text: string, session?: SqlSession): readonly CalledName[] {
  return namesInText(text, 'mysql', session);
}
