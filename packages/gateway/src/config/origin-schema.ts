import { parseYaml } from '@sluice/config';
import { isYamlFile, nameSchema, originSchemas } from '@sluice/origin';
import type { OriginConfig, ServerConfig } from '@sluice/origin';
import { z } from 'zod';
import { serverAddressSchema } from './address-schema.ts';
import { parseAddress } from './parse-address.ts';
import { clientTlsOptions, clientTlsSchema } from './tls-schema.ts';

const serverSchema = z.union([
  serverAddressSchema,
  z.strictObject({
    address: serverAddressSchema,
    weight: z
      .number()
      .gt(0)
      .default(1)
      .describe('Its share of the requests beside the others of its priority.'),
    priority: z
      .int()
      .min(0)
      .default(0)
      .describe('0 is used first; higher ones take over as its health falls.'),
  }),
]);

const { options, loadBalancer, hashPolicy, healthCheck, outlierDetection, discovery } = originSchemas;

/** An origin in a file. */
export const originSchema = z
  .strictObject({
    name: nameSchema.describe('What routes call it.'),
    servers: z.array(serverSchema).default([]).describe('Servers that stay.'),
    discovery: discovery.optional().describe('Finds servers, beside those that are listed.'),
    keepAliveHintMs: z
      .number()
      .min(1)
      .optional()
      .describe(
        'How long its servers keep an unused connection, as their own settings say, in ms: the gateway must give it up earlier.',
      ),
    tls: clientTlsSchema
      .optional()
      .describe('Speaks TLS with its servers, and verifies them. Default: no TLS.'),
    loadBalancer: loadBalancer.optional().describe('Which server gets a request. Default: round-robin.'),
    hashPolicy: hashPolicy
      .optional()
      .describe('What of a request decides its server, for ring-hash and maglev. Default: nothing.'),
    healthCheck: healthCheck
      .optional()
      .describe('Asks its servers whether they are well. Default: nobody asks.'),
    outlierDetection: outlierDetection
      .optional()
      .describe('Takes servers out for a while because of how their requests end. Default: none are.'),
    options: options.prefault({}).describe('Limits (circuit breakers) and timeouts.'),
  })
  .refine(({ servers, discovery: found }) => servers.length > 0 || found !== undefined, {
    path: ['servers'],
    error: 'expected at least one server, or a discovery',
  });

export function originFrom({
  servers,
  keepAliveHintMs: _hint,
  tls,
  discovery: found,
  ...config
}: z.output<typeof originSchema>): OriginConfig {
  const entries = Object.entries({
    ...config,
    tls: tls && clientTlsOptions(tls),
    discovery: found?.type === 'file' && isYamlFile(found.path) ? { ...found, parse: parseYaml } : found,
  });
  const given = Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  return { ...(given as Omit<OriginConfig, 'servers'>), servers: servers.map(serverFrom) };
}

function serverFrom(server: z.output<typeof serverSchema>): ServerConfig {
  if (typeof server === 'string') return requireAddress(server);
  const { address, ...rank } = server;
  return { ...requireAddress(address), ...rank };
}

/** The address of a text that the schema has let through. */
export function requireAddress(text: string): NonNullable<ReturnType<typeof parseAddress>> {
  const address = parseAddress(text);
  if (address === undefined) throw new TypeError(`"${text}" is no address.`);
  return address;
}
