import { z } from 'zod';
import { optionsClass } from '../shared/options-class.ts';
import { isNetwork } from '@sluice/handler-connection';

const networkSchema = z.string().refine(isNetwork, {
  error: ({ input }) =>
    `expected an IP address or a network such as 10.0.0.0/8, found ${JSON.stringify(input)}`,
});

export const ipAccessSchema = z.strictObject({
  allow: z
    .array(networkSchema)
    .default([])
    .describe('Who may come in: addresses and networks; none: everybody that is not denied.'),
  deny: z.array(networkSchema).default([]).describe('Who may not, also when allowed.'),
});

/** Options of {@link IpAccessFilter}. */
export class IpAccessOptions extends optionsClass('ip-access', ipAccessSchema) {}
