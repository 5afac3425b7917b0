import { handlerList } from '@sluice/core';
import { AccessLog, AccessLogChannelHandler, openAccessLog } from '@sluice/handler-access-log';
import { HttpServerCodec } from '@sluice/codec-http';
import { ClientRequestReceiver, ClientResponseWriter, ZuulFilterChainHandler } from '@sluice/filters';
import { HttpServerLifecycleChannelHandler } from '@sluice/handler-http';
import { MetricsRegistry } from '@sluice/handler-metrics';
import { promRegistry } from '@sluice/handler-metrics/prometheus';
import { PassportStateHttpServerHandler } from '@sluice/handler-passport';
import { testGateway } from '@sluice/testing';
import type { TestGateway, TestGatewayDeclaration } from '@sluice/testing';
import { ContainerModule } from 'inversify';
import { onTestFinished } from 'vitest';
import {
  adminParts,
  AdminToken,
  gatewayAdminActions,
  GatewayAdminSource,
  LogLevels,
  PassportHistory,
  PassportRecordingHandler,
} from '@sluice/admin';
import type { AdminActions, AdminOptions, AdminSource, GatewayAdminParts } from '@sluice/admin';

export const TOKEN = 'correct-horse-battery-staple';

/** The handlers of a gateway whose passports are kept. */
const RECORDED = handlerList(
  HttpServerCodec,
  PassportStateHttpServerHandler,
  HttpServerLifecycleChannelHandler,
  PassportRecordingHandler,
  AccessLogChannelHandler,
  ClientRequestReceiver,
  ZuulFilterChainHandler,
  ClientResponseWriter,
);

interface Asked {
  readonly status: number;
  readonly text: string;
  readonly type: string | undefined;
  header(name: string): string | undefined;
  json(): unknown;
}

/** An admin listener in memory. */
export class TestAdmin {
  readonly gateway: TestGateway;

  constructor(gateway: TestGateway) {
    this.gateway = gateway;
  }

  get(target: string, headers: Record<string, string> = {}): Promise<Asked> {
    return this.ask('GET', target, headers);
  }

  /** With the right token, unless the fields have another. */
  post(
    target: string,
    headers: Record<string, string> = { authorization: `Bearer ${TOKEN}` },
  ): Promise<Asked> {
    return this.ask('POST', target, headers);
  }

  async ask(
    method: string,
    target: string,
    headers: Record<string, string> = {},
    host = 'localhost',
  ): Promise<Asked> {
    const response = await this.gateway.request({ method, target, headers, host });
    return {
      status: response.status,
      text: response.text,
      type: response.headers.get('content-type'),
      header: (name) => response.headers.get(name),
      json: () => JSON.parse(response.text),
    };
  }
}

export async function testAdmin(
  source: AdminSource,
  actions: AdminActions = {},
  options: Partial<AdminOptions> = { token: new AdminToken(TOKEN) },
): Promise<TestAdmin> {
  const gateway = await testGateway(adminParts({ source, actions, options }));
  onTestFinished(() => gateway.stop());
  return new TestAdmin(gateway);
}

/** A gateway, and an admin listener that shows it. */
export async function watchedGateway(
  declaration: TestGatewayDeclaration = {},
  parts: Partial<GatewayAdminParts> & Pick<AdminActions, 'drain' | 'reload'> = {},
): Promise<{
  gateway: TestGateway;
  admin: TestAdmin;
  source: AdminSource;
  loggers: Record<string, { level: string }>;
}> {
  const { drain, reload, ...shown } = parts;
  const metrics = new MetricsRegistry();
  // Loads what tells the figures: a client in memory waits for no file.
  await promRegistry(metrics);
  const passports = new PassportHistory();
  const bindings = new ContainerModule(({ bind }) => {
    bind(MetricsRegistry).toConstantValue(metrics);
    bind(AccessLog).toConstantValue(openAccessLog({ destination: 'off', format: 'tab' }));
    bind(PassportHistory).toConstantValue(passports);
  });
  const gateway = await testGateway({
    handlers: RECORDED,
    ...declaration,
    modules: [bindings, ...(declaration.modules ?? [])],
  });
  onTestFinished(() => gateway.stop());
  const loggers = { app: { level: 'info' }, access: { level: 'warn' } };
  const logLevels = new LogLevels(loggers);
  const source = new GatewayAdminSource({
    gateway: gateway.gateway,
    metrics,
    passports,
    logLevels,
    ...shown,
  });
  const actions = gatewayAdminActions({
    gateway: gateway.gateway,
    logLevels,
    ...(drain && { drain }),
    ...(reload && { reload }),
  });
  return { gateway, admin: await testAdmin(source, actions), source, loggers };
}
