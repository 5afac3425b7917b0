import { ClassElementMetadataKind, getClassMetadata } from '@inversifyjs/core';
import { LazyServiceIdentifier } from 'inversify';
import type { Newable } from 'inversify';

/** The classes that the constructor of a handler or filter takes options as: what is injected as a class whose name ends so. */
export function injectedOptions(type: Newable): readonly Newable[] {
  return getClassMetadata(type).constructorArguments.flatMap((argument) => {
    if (argument.kind === ClassElementMetadataKind.unmanaged) return [];
    const identifier = LazyServiceIdentifier.is(argument.value) ? argument.value.unwrap() : argument.value;
    return isOptionsClass(identifier) ? [identifier] : [];
  });
}

/** Whether what is injected as this is options: a class whose name says so, made with its defaults. */
export function isOptionsClass(identifier: unknown): identifier is Newable<object, []> {
  return typeof identifier === 'function' && identifier.name.endsWith('Options');
}
