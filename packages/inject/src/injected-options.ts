import { ClassElementMetadataKind, getClassMetadata } from '@inversifyjs/core';
import { LazyServiceIdentifier } from 'inversify';
import type { Newable } from 'inversify';

/** The classes that the constructor of a handler or filter takes options as: what is injected as a class whose name ends so. */
export function injectedOptions(type: Newable): readonly Newable[] {
  return injectedIdentifiers(type).filter(isOptionsClass);
}

/** The classes that the constructor of a filter injects and that can be made of nothing, but for options: what a gateway makes once where nobody binds it. */
export function injectedOwn(type: Newable): readonly Newable<object, []>[] {
  return injectedIdentifiers(type).filter(
    (identifier): identifier is Newable<object, []> =>
      typeof identifier === 'function' && !isOptionsClass(identifier) && isMadeOfNothing(identifier),
  );
}

function injectedIdentifiers(type: Newable): readonly unknown[] {
  return getClassMetadata(type).constructorArguments.flatMap((argument) => {
    if (argument.kind === ClassElementMetadataKind.unmanaged) return [];
    return [LazyServiceIdentifier.is(argument.value) ? argument.value.unwrap() : argument.value];
  });
}

function isMadeOfNothing(type: { readonly length: number }): boolean {
  if (type.length > 0) return false;
  const { constructorArguments, properties } = getClassMetadata(type as Newable);
  return constructorArguments.length === 0 && properties.size === 0;
}

/** Whether what is injected as this is options: a class whose name says so, made with its defaults. */
export function isOptionsClass(identifier: unknown): identifier is Newable<object, []> {
  return typeof identifier === 'function' && identifier.name.endsWith('Options');
}
