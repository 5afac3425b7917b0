import { z } from 'zod';
import { isFieldValue, settableFieldSchema, settableRequestFieldSchema } from '../shared/field-schemas.ts';
import { optionsClass } from '../shared/options-class.ts';
import { templateMistake } from '../shared/template.ts';
import type { Variables } from '../shared/template.ts';
import { REQUEST_VARIABLES, RESPONSE_VARIABLES } from './variables.ts';

function mutationsSchema(name: typeof settableFieldSchema, variables: Variables<never>) {
  const value = z
    .string()
    .refine(isFieldValue, { error: 'has a character that a field must not have' })
    .superRefine((text, issues) => {
      const message = templateMistake(text, variables);
      if (message !== undefined) issues.addIssue({ code: 'custom', message, input: text });
    });
  const fields = z.record(name, value);
  return z.strictObject({
    remove: z.array(name).default([]).describe('Removed, before anything is set.'),
    set: fields
      .default({})
      .describe(
        'Put in the place of all fields of the name, which are removed when a variable is not known.',
      ),
    add: fields.default({}).describe('Added behind those of the name.'),
    addIfAbsent: fields.default({}).describe('Added unless there is a field of the name.'),
  });
}

export const headerMutationSchema = z.strictObject({
  request: mutationsSchema(settableRequestFieldSchema, REQUEST_VARIABLES)
    .prefault({})
    .describe('What changes on the way to the origin.'),
  response: mutationsSchema(settableFieldSchema, RESPONSE_VARIABLES)
    .prefault({})
    .describe('What changes on the way to the client.'),
});

/** Options of {@link RequestHeaderMutationFilter} and {@link ResponseHeaderMutationFilter}. */
export class HeaderMutationOptions extends optionsClass('header-mutation', headerMutationSchema) {}
