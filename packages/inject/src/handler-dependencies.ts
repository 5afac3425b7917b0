import { ClassElementMetadataKind, getClassMetadata } from '@inversifyjs/core';
import type { ClassElementMetadata, ClassMetadata, ManagedClassElementMetadata } from '@inversifyjs/core';
import { LazyServiceIdentifier } from 'inversify';
import type { Container, GetOptions, Newable, ServiceIdentifier } from 'inversify';
import { isOptionsClass } from './injected-options.ts';
import { withDefaults } from './with-defaults.ts';

/** Resolves what the constructor of a class asks for. Throws a TypeError that names the parameter. */
export function resolveDependencies(container: Container, type: Newable): readonly unknown[] {
  const { constructorArguments, properties } = metadataOf(type);
  for (const property of properties.keys()) {
    throw new TypeError(
      `property ${String(property)} is injected; a handler takes what it needs in its constructor.`,
    );
  }
  return constructorArguments.map((argument, index) => resolveArgument(container, argument, index));
}

// The words of the container advise `emitDecoratorMetadata`, which names classes only and not options.
function metadataOf(type: Newable): ClassMetadata {
  try {
    return getClassMetadata(type);
  } catch (cause) {
    throw new TypeError('a parameter of its constructor has no token; write @inject(TOKEN) before each.', {
      cause,
    });
  }
}

function resolveArgument(container: Container, argument: ClassElementMetadata, index: number): unknown {
  if (argument.kind === ClassElementMetadataKind.unmanaged) return undefined;
  const identifier = identifierOf(argument);
  const options = optionsOf(argument);
  try {
    return argument.kind === ClassElementMetadataKind.multipleInjection
      ? container.getAll(identifier, options)
      : complete(identifier, container.get(identifier, options));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TypeError(`parameter ${index}, ${nameOf(identifier)}, can't be resolved: ${why}`, { cause });
  }
}

// Options that are bound as a plain object get their defaults here, not with each channel.
function complete(identifier: ServiceIdentifier, value: unknown): unknown {
  const isOptions = isOptionsClass(identifier) && typeof value === 'object' && value !== null;
  return isOptions ? withDefaults(identifier, value) : value;
}

function identifierOf({ value }: ManagedClassElementMetadata): ServiceIdentifier {
  return LazyServiceIdentifier.is(value) ? value.unwrap() : value;
}

function optionsOf({ name, optional, tags }: ManagedClassElementMetadata): GetOptions {
  const [tag] = tags;
  return {
    optional,
    ...(name === undefined ? {} : { name }),
    ...(tag === undefined ? {} : { tag: { key: tag[0], value: tag[1] } }),
  };
}

function nameOf(identifier: ServiceIdentifier): string {
  return typeof identifier === 'function' ? identifier.name : String(identifier);
}
