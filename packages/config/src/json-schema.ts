import { z } from 'zod';

export interface JsonSchemaOptions {
  /** What editors call it. */
  readonly title: string;
  /** Where it is published. */
  readonly id?: string;
}

type JsonSchema = Record<string, unknown>;

const SUBSTITUTED = { type: 'string', pattern: String.raw`\$\{` };

/**
 * The JSON Schema of what a file may hold, for the completion of editors. It lets `include` and
 * `${…}` through, and what the root requires be in another file.
 */
export function jsonSchemaOf(schema: z.ZodType, { title, id }: JsonSchemaOptions): JsonSchema {
  const {
    $schema,
    required: _,
    properties,
    ...rest
  } = z.toJSONSchema(schema, {
    io: 'input',
    reused: 'ref',
    override: ({ jsonSchema }) => allowSubstitution(jsonSchema as JsonSchema),
  }) as JsonSchema;
  return {
    $schema,
    ...(id === undefined ? {} : { $id: id }),
    title,
    ...rest,
    properties: { include: INCLUDE, ...(properties as JsonSchema) },
  };
}

const INCLUDE = {
  description:
    'Files whose maps and lists are joined with those of this one, relative to it; * and ? in the last part.',
  anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
};

/** Makes a choice, the keys of a map or the branches of a union what an editor proposes, and lets others through. */
function propose(schema: JsonSchema): void {
  const { enum: values, oneOf } = schema;
  for (const key of ['enum', 'oneOf', 'additionalProperties']) delete schema[key];
  if (Array.isArray(values)) {
    delete schema['type'];
    schema['anyOf'] = [{ enum: values as unknown[] }, { type: 'string' }];
  } else if (Array.isArray(oneOf)) {
    schema['anyOf'] = [...(oneOf as unknown[]), { type: 'object' }];
  }
}

/** A number or a boolean may also be written as `${NAME}`; a secret is for writing alone; an open choice is but a proposal. */
function allowSubstitution(schema: JsonSchema): void {
  if (schema['secret'] === true) {
    delete schema['secret'];
    schema['writeOnly'] = true;
  }
  if (schema['open'] === true) {
    delete schema['open'];
    propose(schema);
  }
  if (!['number', 'integer', 'boolean'].includes(String(schema['type']))) return;
  const { description: _description, default: _default, ...type } = schema;
  for (const key of Object.keys(type)) delete schema[key];
  // A bound that only says what a safe integer is helps nobody.
  if (type['maximum'] === Number.MAX_SAFE_INTEGER) delete type['maximum'];
  if (type['minimum'] === Number.MIN_SAFE_INTEGER) delete type['minimum'];
  Object.assign(schema, { anyOf: [type, SUBSTITUTED] });
}
