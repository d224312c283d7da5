import { beginning } from '../../errors/index.js';
import { trySplitFqn } from '../../openmetadata/index.js';

/** Keys of the processor of profiler recipes whose entries name something, with the names that an FQN of it has. */
const ENTRIES = {
  tableConfig: { of: 'a table', names: ['service', 'database', 'schema', 'table'] },
  schemaConfig: { of: 'a schema', names: ['service', 'database', 'schema'] },
  databaseConfig: { of: 'a database', names: ['service', 'database'] },
} as const;

export type EntryKey = keyof typeof ENTRIES;

/** Entries of one recipe's processor. */
export type NamedEntries = {
  readonly [Key in EntryKey]?: readonly { readonly fullyQualifiedName: string }[] | undefined;
};

interface PlacedEntry {
  readonly key: EntryKey;
  readonly path: readonly (string | number)[];
  readonly fqn: string;
}

/** All entries, with the path of their name. */
export function placedEntries(config: NamedEntries): PlacedEntry[] {
  const keys: readonly EntryKey[] = ['tableConfig', 'schemaConfig', 'databaseConfig'];
  return keys.flatMap((key) =>
    (config[key] ?? []).map(({ fullyQualifiedName: fqn }, index) => ({
      ...{ key, fqn },
      path: ['processor', 'config', key, index, 'fullyQualifiedName'],
    }))
  );
}

/** Why nothing of the kind has this name, so that its entry would never count. */
export function entryNameProblem(key: EntryKey, fqn: string): string | undefined {
  const { of, names } = ENTRIES[key];
  const parts = trySplitFqn(fqn);
  if (parts?.length === names.length) return undefined;
  const found = parts === undefined ? 'cannot be split into names' : `has ${countOf(parts.length)}`;
  return `found \`${beginning(fqn, 200)}\`, which ${found}; expected the fully qualified name of ${of}, ${names.join('.')}, in quotes what has a dot in it.${meant(key, parts)}`;
}

function countOf(names: number): string {
  return names === 1 ? 'one name' : `${names} names`;
}

/** The key whose entries have as many names. */
function meant(key: EntryKey, parts: readonly string[] | undefined): string {
  const other = Object.entries(ENTRIES).find(([each, { names }]) => each !== key && names.length === parts?.length);
  return other === undefined ? '' : ` One of ${other[1].of} stands in ${other[0]}.`;
}
