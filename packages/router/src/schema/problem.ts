import { z } from 'zod';

// More are no help to who has written a single value.
const MAX_KEYS = 8;

/** An object of these keys and no others; the error for another one names them. */
export function closed<Shape extends z.ZodRawShape>(shape: Shape, description: string) {
  const keys = Object.keys(shape);
  const known = keys.join(', ');
  return z
    .strictObject(shape, {
      error: ({ code }) => {
        if (code === 'unrecognized_keys') return `expected no other keys than ${known}`;
        return code === 'invalid_type' && keys.length <= MAX_KEYS
          ? `expected a map with ${known}`
          : undefined;
      },
    })
    .describe(description);
}

export function list<Item extends z.ZodType>(item: Item) {
  return z.array(item).readonly();
}

type Refinement = { addIssue(issue: { code: 'custom'; path: PropertyKey[]; message: string }): void };

/** Notes what was expected at a place below the value that is checked. */
export function expected(context: Refinement, path: PropertyKey[], what: string): void {
  context.addIssue({ code: 'custom', path, message: `expected ${what}` });
}

/** Notes when not exactly one of the keys is there. */
export function exactlyOne<Value extends object>(
  value: Value,
  keys: readonly (keyof Value & string)[],
  context: Refinement,
): void {
  const found = keys.filter((key) => value[key] !== undefined);
  if (found.length === 1) return;
  const which = found.length === 0 ? 'none' : found.join(' and ');
  expected(context, [], `exactly one of ${keys.join(', ')}, but there is ${which}`);
}

/** Notes the message of what a check throws. */
export function noteError(context: Refinement, path: PropertyKey[], check: () => unknown): void {
  try {
    check();
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    context.addIssue({ code: 'custom', path, message });
  }
}

/** What is wrong with a declaration, line by line: the place, what was expected, what was found. */
export function problemsOf({ issues }: z.core.$ZodError, root: unknown): readonly string[] {
  return issues.map((issue) => {
    const place = formatPath(issue.path);
    if (issue.code === 'unrecognized_keys') {
      return `${place}: ${issue.message}, found ${issue.keys.map((key) => `"${key}"`).join(', ')}`;
    }
    return `${place}: ${expectation(issue)}, found ${show(valueAt(root, issue.path))}`;
  });
}

/** `virtualHosts[0].routes[3].path`. */
export function formatPath(path: readonly PropertyKey[]): string {
  const text = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return text.startsWith('.') ? text.slice(1) : text || 'the declaration';
}

export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

const MAX_SHOWN = 120;

function expectation(issue: z.core.$ZodIssue): string {
  if (issue.message.startsWith('expected ')) return issue.message;
  if (issue.code === 'invalid_type') return `expected ${issue.expected}`;
  if (issue.code === 'invalid_value')
    return `expected ${issue.values.map((value) => show(value)).join(' or ')}`;
  if (issue.code === 'too_small') return `expected ${unitOf(issue.origin)}at least ${issue.minimum}`;
  if (issue.code === 'too_big') return `expected ${unitOf(issue.origin)}at most ${issue.maximum}`;
  return issue.message;
}

function unitOf(origin: string): string {
  if (origin === 'array') return 'a length of ';
  return origin === 'string' ? 'a text of a length of ' : '';
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let value = root;
  for (const key of path)
    value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  return value;
}
