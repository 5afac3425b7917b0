import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Where a name comes from: a file of the same package, or a package. */
export interface Binding {
  readonly from: string;
  readonly name: string;
  /** Passed on as a type, so that a class can't be made nor extended by it. */
  readonly isType?: boolean;
}

/** What the compiler's declaration file of one source says, without comments and private members. */
export interface DeclarationFile {
  readonly path: string;
  /** What it gives to others, by the name that they use. */
  readonly exports: ReadonlyMap<string, Binding>;
  /** Names that stand for something of another file. */
  readonly imports: ReadonlyMap<string, Binding>;
  /** The text of each declaration, in the order of the file: a function has one for each overload. */
  readonly declarations: ReadonlyMap<string, readonly string[]>;
}

const COMMENT_OR_STRING =
  /(?<string>'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`)|\/\*[\s\S]*?\*\/[ \t]*|\/\/[^\n]*/g;
const PRIVATE_MEMBER = /^\s*(?:#private|private .*);$/;
const LIST =
  /^(?<kind>import|export)(?<type> type)? (?:(?<all>\* as \w+)|\{(?<names>[\s\S]*)\})(?: from ['"](?<from>.+)['"])?;$/;
const DECLARATION =
  /^(?<exported>export )?(?:declare )?(?:abstract )?(?:class|const|enum|function|interface|let|type) (?<name>[\w$]+)/;

const files = new Map<string, DeclarationFile>();

/**
 * Reads a declaration file as the compiler lays it out: each statement begins at the first column.
 * Throws for a form that isn't known here, so that no export is left out unseen.
 */
export function readDeclarations(path: string): DeclarationFile {
  const known = files.get(path);
  if (known) return known;
  if (!existsSync(path)) throw new Error(`${path} is missing. Run npm run build.`);
  const exports = new Map<string, Binding>();
  const imports = new Map<string, Binding>();
  const declarations = new Map<string, string[]>();
  for (const statement of statementsOf(readFileSync(path, 'utf8'))) {
    const list = LIST.exec(statement)?.groups;
    const declaration = DECLARATION.exec(statement)?.groups;
    if (list) {
      const names = list['kind'] === 'import' ? imports : exports;
      for (const [as, binding] of bindings(path, list)) names.set(as, binding);
    } else if (declaration?.['name'] !== undefined) {
      const { name } = declaration;
      declarations.set(name, [...(declarations.get(name) ?? []), statement]);
      if (declaration['exported'] !== undefined) exports.set(name, { from: path, name });
    } else if (!/^import ['"]/.test(statement)) throw new Error(`${path}: unknown statement ${statement}`);
  }
  const file = { path, exports, imports, declarations };
  files.set(path, file);
  return file;
}

function statementsOf(text: string): readonly string[] {
  return text
    .replaceAll(COMMENT_OR_STRING, '$<string>')
    .split('\n')
    .filter((line) => line.trim() !== '' && !PRIVATE_MEMBER.test(line))
    .map((line) => line.trimEnd())
    .join('\n')
    .split(/\n(?=[a-z@])/);
}

function bindings(path: string, list: Record<string, string | undefined>): readonly [string, Binding][] {
  const from = list['from'] === undefined ? path : resolved(path, list['from']);
  if (list['all'] !== undefined) return [[list['all'].replace('* as ', ''), { from, name: '*' }]];
  const names = (list['names'] ?? '').split(',').map((name) => name.trim());
  return names
    .filter((name) => name !== '')
    .map((name) => {
      const isType = list['type'] !== undefined || name.startsWith('type ');
      const [own = name, as = own] = name.replace(/^type /, '').split(' as ');
      return [as, { from, name: own, isType }];
    });
}

/** The declaration file of what another one names, or the name of a package as it is. */
export function resolved(path: string, from: string): string {
  return from.startsWith('.') ? join(dirname(path), from).replace(/\.[jt]s$/, '.d.ts') : from;
}
