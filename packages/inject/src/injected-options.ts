import { ClassElementMetadataKind, getClassMetadata } from '@inversifyjs/core';
import { LazyServiceIdentifier } from 'inversify';
import type { Newable } from 'inversify';

/** The classes that the constructor of a handler or filter takes options as: what is injected as a class whose name ends so. */
export function injectedOptions(type: Newable): readonly Newable[] {
  return getClassMetadata(type).constructorArguments.flatMap((argument) => {
    if (argument.kind === ClassElementMetadataKind.unmanaged) return [];
    const identifier = LazyServiceIdentifier.is(argument.value) ? argument.value.unwrap() : argument.value;
    return typeof identifier === 'function' && identifier.name.endsWith('Options')
      ? [identifier as Newable]
      : [];
  });
}
