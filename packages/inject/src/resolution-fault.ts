import type { Newable, ServiceIdentifier } from 'inversify';
import { parameterNames } from './parameter-names.ts';

/** Why a parameter of a constructor has no value: what is wrong, and on a line of its own what to write where. */
export class ResolutionFault extends TypeError {
  override readonly name = 'ResolutionFault';

  constructor(what: string, fix: string, cause?: unknown) {
    super(`${what}\n  ${fix}`, { cause });
  }
}

/** A parameter of the constructor says nothing of what it takes. */
export function missingToken(type: Newable, index: number | undefined, cause: unknown): ResolutionFault {
  if (index === undefined) {
    return new ResolutionFault(
      'a parameter of its constructor has no token.',
      'Write @inject(TOKEN) before each.',
      cause,
    );
  }
  const name = parameterNames(type)[index];
  return new ResolutionFault(
    `${parameter(type, index)} has no token.`,
    `Write in its constructor: @inject(TOKEN) ${name ?? 'before it'}`,
    cause,
  );
}

/** The container has nothing for what a parameter takes. */
export function unresolved(
  type: Newable,
  index: number,
  identifier: ServiceIdentifier,
  cause: unknown,
): ResolutionFault {
  const { why, missing = nameOf(identifier), fix = bindingOf(missing) } = reasonOf(cause);
  const wanted = nameOf(identifier);
  const by = missing === wanted ? '' : `, and for that ${missing}`;
  return new ResolutionFault(`${parameter(type, index)} takes ${wanted}${by}: ${why}`, fix, cause);
}

interface Reason {
  readonly why: string;
  /** What is missing, where it is not what the parameter takes itself. */
  readonly missing?: string;
  readonly fix?: string;
}

// The container says what is wrong in many lines, of which the first counts, and advises `emitDecoratorMetadata`.
function reasonOf(cause: unknown): Reason {
  const [message = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
  const unbound = /^No bindings found for service: "(.+)"/.exec(message)?.[1];
  if (unbound !== undefined) return { why: 'nothing is bound to it.', missing: unbound };
  const unmade = /^Found unexpected missing metadata on type "(.+?)"/.exec(message)?.[1];
  if (unmade !== undefined) {
    return { why: 'it is not bound, and parameters of its constructor have no token.', missing: unmade };
  }
  if (message.startsWith('Ambiguous bindings')) {
    return {
      why: 'it is bound more than once.',
      fix: 'Take all but one of its bindings out of the modules, or inject them all with @multiInject.',
    };
  }
  const fix = message.startsWith('Circular dependency')
    ? 'Take one of them out of the constructor of the other.'
    : message.startsWith('Unexpected asynchronous')
      ? 'Await it before the gateway is made, and bind the outcome: bind(TOKEN).toConstantValue(…)'
      : 'Mend what is bound to it, or bind another: bind(TOKEN).toConstantValue(…)';
  return { why: message, fix };
}

const ADD = 'Add to modules: new ContainerModule(({ bind }) => void ';

function bindingOf(missing: string): string {
  const isClass = /^[A-Z][\w$]*[a-z][\w$]*$/.test(missing);
  if (isClass) return `${ADD}bind(${missing}).toConstantValue(new ${missing}(…)))`;
  return `${ADD}bind(TOKEN).toConstantValue(…)), where TOKEN is ${missing}`;
}

function parameter(type: Newable, index: number): string {
  const name = parameterNames(type)[index];
  return `parameter ${index + 1} of its constructor${name === undefined ? '' : `, ${name},`}`;
}

function nameOf(identifier: ServiceIdentifier): string {
  return typeof identifier === 'function' ? identifier.name : String(identifier);
}
