import 'reflect-metadata/lite';
import { ClassElementMetadataKind, getClassMetadata } from '@inversifyjs/core';
import type { ClassElementMetadata, ClassMetadata, ManagedClassElementMetadata } from '@inversifyjs/core';
import { LazyServiceIdentifier } from 'inversify';
import type { Container, GetOptions, Newable, ServiceIdentifier } from 'inversify';
import { isOptionsClass } from './injected-options.ts';
import { missingToken, unresolved } from './resolution-fault.ts';
import { withDefaults } from './with-defaults.ts';

// Where the container keeps what the decorators of a constructor say.
const CLASS_METADATA = '@inversifyjs/core/classMetadataReflectKey';

/**
 * Resolves what the constructor of a class asks for. Throws a TypeError that names the parameter, and
 * says what to write where.
 */
export function resolveDependencies(container: Container, type: Newable): readonly unknown[] {
  const { constructorArguments, properties } = metadataOf(type);
  for (const property of properties.keys()) {
    throw new TypeError(
      `property ${String(property)} is injected; a handler takes what it needs in its constructor.`,
    );
  }
  return constructorArguments.map((argument, index) => resolveArgument(container, type, argument, index));
}

function metadataOf(type: Newable): ClassMetadata {
  try {
    return getClassMetadata(type);
  } catch (cause) {
    throw missingToken(type, firstWithoutToken(type), cause);
  }
}

function firstWithoutToken(type: Newable): number | undefined {
  const known = Reflect.getOwnMetadata(CLASS_METADATA, type) as Partial<ClassMetadata> | undefined;
  const { constructorArguments = [] } = known ?? {};
  const at = Array.from({ length: type.length }, (_, index) => constructorArguments[index]).indexOf(
    undefined,
  );
  return at < 0 ? undefined : at;
}

function resolveArgument(
  container: Container,
  type: Newable,
  argument: ClassElementMetadata,
  index: number,
): unknown {
  if (argument.kind === ClassElementMetadataKind.unmanaged) return undefined;
  const identifier = identifierOf(argument);
  const options = optionsOf(argument);
  try {
    return argument.kind === ClassElementMetadataKind.multipleInjection
      ? container.getAll(identifier, options)
      : complete(identifier, container.get(identifier, options));
  } catch (cause) {
    throw unresolved(type, index, identifier, cause);
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
