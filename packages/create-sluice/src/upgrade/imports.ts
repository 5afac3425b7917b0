const STATEMENT =
  /^(?<head>(?:import|export)(?: type)? )\{(?<names>[^}]*)\}(?<from>\s*from\s*)(?<quote>['"])(?<specifier>[^'"\n]+)\k<quote>/gm;
const SPECIFIER =
  /(?<before>(?:\bfrom|^import|\bimport\s*\()\s*)(?<quote>['"])(?<specifier>[^'"\n]+)\k<quote>/gm;

/** A name that a statement imports or passes on, and where its text begins. */
export interface ImportedName {
  readonly from: string;
  readonly name: string;
  readonly offset: number;
}

/** Has whole modules imported from elsewhere. */
export function moveModules(text: string, moved: (specifier: string) => string): string {
  return text.replaceAll(SPECIFIER, (_all, before: string, quote: string, specifier: string) =>
    [before, quote, moved(specifier), quote].join(''),
  );
}

/** Has some names of a module imported from another one. Those that stay keep their statement. */
export function moveNames(text: string, from: string, to: string, names: readonly string[]): string {
  return text.replaceAll(STATEMENT, (statement: string, ...match: unknown[]) => {
    const groups = match.at(-1) as Record<'head' | 'names' | 'from' | 'quote' | 'specifier', string>;
    const listed = listOf(groups.names);
    const leaving = listed.filter((entry) => names.includes(ownName(entry)));
    if (groups.specifier !== from || leaving.length === 0) return statement;
    const staying = listed.filter((entry) => !leaving.includes(entry));
    const { head, from: word, quote } = groups;
    const write = (entries: readonly string[], module: string): string =>
      `${head}{ ${entries.join(', ')} }${word}${quote}${module}${quote}`;
    return [...(staying.length > 0 ? [write(staying, from)] : []), write(leaving, to)].join(';\n');
  });
}

/** The names that statements with braces import or pass on. */
export function importedNames(text: string): readonly ImportedName[] {
  return [...text.matchAll(STATEMENT)].flatMap(({ groups, index }) =>
    listOf(groups?.['names'] ?? '').map((entry) => ({
      from: groups?.['specifier'] ?? '',
      name: ownName(entry),
      offset: index,
    })),
  );
}

/** The modules that a text imports. */
export function importedModules(text: string): readonly string[] {
  return [...text.matchAll(SPECIFIER)].map(({ groups }) => groups?.['specifier'] ?? '');
}

function listOf(names: string): readonly string[] {
  return names
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

/** `type A as B` is `A`. */
function ownName(entry: string): string {
  return entry.replace(/^type\s+/, '').replace(/\s+as\s.*$/s, '');
}
