import { globalRegistry } from 'zod';
import type { z } from 'zod';
import { nodeAt } from '../source/config-node.ts';
import type { ConfigPath } from '../source/config-path.ts';
import type { ConfigSource } from '../source/config-source.ts';
import { alternatives, definitionOf, schemasAt } from './schema-walk.ts';

/**
 * Whether what stands at the end of a path is to be shown to nobody: it came from a file of its own, its schema
 * says so, or it is a text in the place of a secret.
 */
export function isSecretAt(source: ConfigSource, schema: z.ZodType, path: ConfigPath): boolean {
  if (source.isSecret(path) || isSecretInSchema(schema, path)) return true;
  return nodeAt(source.root, path)?.kind === 'scalar' && isInPlaceOfSecret(schema, path);
}

/** `.meta({ secret: true })` on its schema, or on one that it stands within. */
function isSecretInSchema(schema: z.ZodType, path: ConfigPath): boolean {
  return path
    .map((_, index) => path.slice(0, index + 1))
    .concat([[]])
    .some((part) => schemasAt(schema, part).some(isMarked));
}

/** A text where a map with a secret belongs, or a list of such maps, and one under a key that the map does not know: it may be that very secret. */
function isInPlaceOfSecret(schema: z.ZodType, path: ConfigPath): boolean {
  const here = schemasAt(schema, path);
  return (here.length > 0 ? here : schemasAt(schema, path.slice(0, -1))).some(wantsSecret);
}

function wantsSecret(schema: z.ZodType): boolean {
  const { element, shape = {} } = definitionOf(schema);
  const maps = element === undefined ? [shape] : alternatives(element).map(shapeOf);
  return maps.some((map) => Object.values(map).some((child) => alternatives(child).some(isMarked)));
}

function shapeOf(schema: z.ZodType): Readonly<Record<string, z.ZodType>> {
  return definitionOf(schema).shape ?? {};
}

function isMarked(schema: z.ZodType): boolean {
  return globalRegistry.get(schema)?.['secret'] === true;
}
