import { isReadableField, OWNED_FIELDS } from '@sluice/codec-http';
import { PROXY_OWNED_FIELDS } from '@sluice/origin';
import { z } from 'zod';

const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/;
const VALUE = /^[\t\u0020-\u007e\u0080-\u{10ffff}]*$/u;

/** Whether a text is a token (RFC 9110 §5.6.2): a method or the name of a field. */
export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

/** Whether a text, as UTF-8, may be the value of a field. */
export function isFieldValue(text: string): boolean {
  return VALUE.test(text);
}

/** A method or the like. */
export const tokenSchema = z
  .string()
  .refine(isToken, { error: ({ input }) => `expected a token, found ${JSON.stringify(input)}` });

/** The name of a field. */
export const fieldNameSchema = z
  .string()
  .refine(isToken, { error: ({ input }) => `expected the name of a field, found ${JSON.stringify(input)}` });

/** The name of a field of requests that a filter may look at. */
export const readFieldSchema = fieldNameSchema.refine(isReadableField, {
  error: ({ input }) => `${JSON.stringify(input)} can't be looked at: the codec keeps it to itself`,
});

/** The name of a field that a filter may set in responses: none that frames a message. */
export const settableFieldSchema = fieldNameSchema.refine((name) => !OWNED_FIELDS.has(name.toLowerCase()), {
  error: ownedMessage,
});

/** The same in requests: nor one by which the gateway tells the origin of the client. */
export const settableRequestFieldSchema = settableFieldSchema.refine(
  (name) => !PROXY_OWNED_FIELDS.has(name),
  { error: ownedMessage },
);

function ownedMessage({ input }: { readonly input?: unknown }): string {
  return `${JSON.stringify(input)} can't be changed here: the gateway writes it by itself`;
}
