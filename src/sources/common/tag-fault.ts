import { nameFault } from '../../openmetadata/index.js';
import type { SourceTag } from '../records.js';

/**
 * Why OpenMetadata takes no tag of these names: `its value is empty`; undefined when it takes it. Unlike names of
 * tables and columns these are never rewritten: people look for them as the source has them.
 */
export function tagFault({ classification, tag }: SourceTag): string | undefined {
  const fault = faultOf(classification);
  if (fault !== undefined) return `its classification is ${fault}`;
  const ofValue = faultOf(tag);
  return ofValue === undefined ? undefined : `its value is ${ofValue}`;
}

const SIGNS: readonly (readonly [sign: RegExp, text: string])[] = [
  [/"/, 'a double quote'],
  [/::/, '"::"'],
  [/[\n\r\u0085\u2028\u2029]/, 'a line end'],
];

function faultOf(name: string): string | undefined {
  if (name === '') return 'empty';
  const sign = SIGNS.find(([found]) => found.test(name))?.[1];
  if (sign !== undefined) return `not allowed in OpenMetadata (it holds ${sign})`;
  return nameFault(name) === undefined ? undefined : 'too long for OpenMetadata';
}
