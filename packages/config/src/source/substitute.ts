import { nearestName } from '@sluice/core';

/** What `${…}` may stand for. */
export interface Substitutes {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The content of a secret's file. Throws an Error that says why it can't be read. */
  readSecret(path: string): string;
}

export interface Substituted {
  readonly text: string;
  readonly isSubstituted: boolean;
  /** What came from secrets' files. */
  readonly secrets: readonly string[];
  readonly faults: readonly SubstitutionFault[];
}

export interface SubstitutionFault {
  /** Where in the text. */
  readonly index: number;
  readonly message: string;
}

const PLACEHOLDER = /\$\$|\$\{(?<inner>[^}]*)(?<end>\}?)/g;
const VARIABLE = /^(?<name>[A-Za-z_]\w*)(?::-(?<byDefault>.*))?$/s;
const FORMS = 'expected ${NAME}, ${NAME:-default} or ${file:path}; $$ is a dollar sign';

/** Replaces `${NAME}`, `${NAME:-default}`, `${file:path}` and `$$` in one scalar. What comes in is text, never syntax. */
export function substitute(text: string, substitutes: Substitutes): Substituted {
  const faults: SubstitutionFault[] = [];
  let isSubstituted = false;
  const secrets: string[] = [];
  const replaced = text.replaceAll(PLACEHOLDER, (found: string, ...rest: unknown[]) => {
    if (found === '$$') return '$';
    const index = rest.at(-3) as number;
    const { inner, end } = rest.at(-1) as { inner: string; end: string };
    isSubstituted = true;
    const value = end === '' ? new Error(`found \${ without }, ${FORMS}`) : valueOf(inner, substitutes);
    if (typeof value === 'string') {
      if (inner.startsWith('file:')) secrets.push(value);
      return value;
    }
    faults.push({ index, message: value.message });
    return '';
  });
  return { text: replaced, isSubstituted, secrets, faults };
}

function valueOf(inner: string, substitutes: Substitutes): string | Error {
  if (inner.startsWith('file:')) return secretOf(inner.slice('file:'.length), substitutes);
  const { name, byDefault } = VARIABLE.exec(inner)?.groups ?? {};
  if (name === undefined) return new Error(`found ${JSON.stringify(`\${${inner}}`)}, ${FORMS}`);
  const value = ownValue(substitutes.env, name);
  if (byDefault === undefined) return value ?? notSet(name, substitutes.env);
  return value === undefined || value === '' ? byDefault : value;
}

function ownValue(env: Substitutes['env'], name: string): string | undefined {
  return Object.hasOwn(env, name) ? env[name] : undefined;
}

function notSet(name: string, env: Substitutes['env']): Error {
  const near = nearestName(name, Object.keys(env));
  const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
  return new Error(
    `the environment variable "${name}" is not set; set it, or write \${${name}:-default}.${hint}`,
  );
}

function secretOf(path: string, substitutes: Substitutes): string | Error {
  try {
    return substitutes.readSecret(path).replace(/\r?\n$/, '');
  } catch (cause) {
    return cause instanceof Error ? cause : new Error(String(cause));
  }
}
