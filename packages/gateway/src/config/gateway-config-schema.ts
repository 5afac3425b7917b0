import { AccessLogOptions } from '@sluice/handler-access-log';
import { TrustedPeers } from '@sluice/handler-proxy-protocol';
import { routerSchema } from '@sluice/router';
import { z } from 'zod';
import { addressSchema } from './address-schema.ts';
import type { ComponentRegistry } from './component-registry.ts';
import { filterListSchema, handlerListShape, handlerSchemas } from './handler-list-schema.ts';
import type { HandlerSchemas } from './handler-list-schema.ts';
import { originSchema } from './origin-schema.ts';
import { serverTlsSchema } from './tls-schema.ts';

const { routes, virtualHosts, ambiguousPaths } = routerSchema.shape;

/** The keys of the router, each there: a check need not ask for them. */
const routerShape = {
  routes: routes.unwrap().default([]).describe('The routes of every host that no virtual host names.'),
  virtualHosts: virtualHosts.unwrap().default([]).describe('The routes of some hosts.'),
  ambiguousPaths: ambiguousPaths
    .unwrap()
    .default('refuse')
    .describe('What to do with paths that servers read in different ways.'),
};

/** What a configuration file of a gateway may hold, with the handlers and filters that are known. */
export function gatewayConfigSchema(registry: ComponentRegistry) {
  const handlers = handlerSchemas(registry);
  return z.strictObject({
    plugins: z.array(z.string()).default([]).meta({
      description:
        'npm packages, or files relative to this one, that export classes with @Handler and @Filter.',
    }),
    listeners: z
      .array(listenerSchema(registry, handlers))
      .min(1)
      .meta({ description: 'Where clients connect.' }),
    filters: filterListSchema(registry),
    ...routerShape,
    origins: z
      .array(originSchema)
      .default([])
      .meta({ description: 'Groups of servers that give the same answers.' }),
    originConnections: z
      .strictObject(handlerListShape(handlers, registry.lists.origin))
      .prefault({})
      .meta({ description: 'The pipeline of every connection to an origin.' }),
    accessLog: accessLogSchema,
    admin: adminSchema.optional(),
  });
}

export type GatewayConfig = z.output<ReturnType<typeof gatewayConfigSchema>>;

/** As in a Host field, where requests bring it: letters, digits, dashes, underscores and dots. */
const HOST_NAME = /^[\w-]+(?:\.[\w-]+)*\.?$/;

const adminSchema = z
  .strictObject({
    address: addressSchema,
    tokenFile: z.string().min(1).optional().meta({
      description:
        'The file of the token that a change takes. Default: that in SLUICE_ADMIN_TOKEN of the environment; without either nothing can be changed.',
    }),
    hosts: z
      .array(z.string().regex(HOST_NAME, 'expected a host name without a port').toLowerCase())
      .default([])
      .meta({ description: 'Names that it may be asked by, beside IP addresses and localhost.' }),
    allowRemote: z.boolean().default(false).meta({
      description:
        'Whether its address may be one that other machines reach, who then see all that it shows.',
    }),
  })
  .meta({ description: 'A listener of its own for the operator, with /metrics and more. Default: none.' });

function listenerSchema(registry: ComponentRegistry, handlers: HandlerSchemas) {
  return z.strictObject({
    name: z.string().min(1).optional().meta({ description: 'In logs and metrics. Default: its address.' }),
    address: addressSchema,
    tls: serverTlsSchema.optional().describe('TLS with clients. Default: none.'),
    proxyProtocolFrom: z.array(peerSchema).default([]).meta({
      description:
        'Networks whose connections must begin with a PROXY protocol header; no others are taken. Default: none has one.',
    }),
    ...handlerListShape(handlers, registry.lists.server),
  });
}

const peerSchema = z.string().refine(isPeer, {
  error: 'expected an IP address, a network such as 10.0.0.0/8, or unix',
});

function isPeer(text: string): boolean {
  try {
    void new TrustedPeers([text]);
    return true;
  } catch {
    return false;
  }
}

const accessLogDefaults = { ...new AccessLogOptions(), destination: 'off' };

const accessLogSchema = z
  .strictObject({
    destination: z
      .string()
      .default(accessLogDefaults.destination)
      .meta({ description: 'off, stdout, or the path of a file.' }),
    format: z
      .union([z.string(), z.record(z.string(), z.string())])
      .default('tab')
      .meta({
        description: 'tab, combined, json, a template with operators, or one for each key of a JSON line.',
      }),
    maxValueLength: z.int().min(1).default(accessLogDefaults.maxValueLength),
    maxQueuedBytes: z.int().min(1).default(accessLogDefaults.maxQueuedBytes),
    flushIntervalMs: z
      .int()
      .min(0)
      .max(60_000)
      .default(accessLogDefaults.flushIntervalMs)
      .meta({ description: 'For so long after a write lines wait for each other; 0 for none.' }),
  })
  .prefault({})
  .meta({ description: 'One line for each request.' });
