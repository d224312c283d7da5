import { createHash } from 'node:crypto';
import type { DocumentOptions, ParseOptions, SchemaOptions, ToJSOptions } from 'yaml';

/** How recipes are parsed: YAML 1.2 with merge keys; messages of the parser are not used, since they quote the text. */
export const RECIPE_YAML: ParseOptions & DocumentOptions & SchemaOptions = {
  merge: true,
  stringKeys: true,
  // these are looked for when recipes are checked
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: 'silent',
};

/** What the aliases of a recipe make of it is bounded where it is checked; here they share what they repeat. */
export const RECIPE_YAML_VALUES: ToJSOptions = { maxAliasCount: -1 };

/** Tells versions of a recipe file apart. */
export function recipeSha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
