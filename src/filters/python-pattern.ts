/** Compiles a pattern. */
export function compilePattern(text: string): RegExp {
  return new RegExp(`^(?:${text})`, 'iu');
}
