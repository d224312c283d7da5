/**
 * The types in an argument signature, as DESC PROCEDURE takes them: `(DAY DATE, N NUMBER DEFAULT 1)` → `DATE`,
 * `NUMBER`. Commas inside parentheses and quotes do not separate arguments.
 */
export function argumentTypes(signature: string): string[] {
  const inner = signature.trim().replace(/^\(/, '').replace(/\)$/, '');
  return splitArguments(inner)
    .map((argument) => argument.trim())
    .filter((argument) => argument !== '')
    .map((argument) =>
      argument
        .replace(/^("(?:[^"]|"")*"|\S+)\s+/, '')
        .replace(/\s+DEFAULT\s.*$/is, '')
        .trim()
    );
}

function splitArguments(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quote: string | undefined;
  let current = '';
  for (const character of text) {
    if (quote !== undefined) {
      if (character === quote) quote = undefined;
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '(') depth += 1;
    else if (character === ')') depth -= 1;
    if (character === ',' && depth === 0 && quote === undefined) {
      parts.push(current);
      current = '';
    } else current += character;
  }
  parts.push(current);
  return parts;
}
