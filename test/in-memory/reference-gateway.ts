import { AccessLog, jsonFormat } from '@sluice/handler-access-log';
import type { AccessLogWriter } from '@sluice/handler-access-log';
import type { OriginOptions } from '@sluice/origin';
import { testGateway } from '@sluice/testing';
import type { TestGateway, TestGatewayDeclaration, TestOrigin } from '@sluice/testing';
import { ContainerModule } from 'inversify';
import { onTestFinished } from 'vitest';
import { originHandlers, serverHandlers } from '@sluice/cli';

/** A line of the access log. */
export type AccessLine = Readonly<Record<string, string | number | null>>;

export interface ReferenceSettings {
  readonly options?: Partial<OriginOptions>;
  readonly filters?: TestGatewayDeclaration['filters'];
  /** Default: those of the reference gateway. */
  readonly handlers?: TestGatewayDeclaration['handlers'];
  /** Default: everything goes to the origin. */
  readonly routes?: TestGatewayDeclaration['routes'];
  readonly modules?: readonly ContainerModule[];
}

/** The reference gateway's whole pipeline in memory, in front of one origin. */
export interface ReferenceGateway {
  readonly gateway: TestGateway;
  readonly lines: readonly AccessLine[];
}

/** Starts one; it is stopped when the test is over. */
export async function referenceGateway(
  origin: TestOrigin,
  { options = {}, filters = [], handlers = serverHandlers, routes, modules = [] }: ReferenceSettings = {},
): Promise<ReferenceGateway> {
  const lines: AccessLine[] = [];
  const writer: AccessLogWriter = { write: (line) => void lines.push(JSON.parse(line) as AccessLine) };
  const accessLog = new AccessLog(jsonFormat(), writer);
  const gateway = await testGateway({
    handlers,
    originHandlers,
    filters,
    origins: { origin: { servers: [origin], options } },
    ...(routes && { routes }),
    modules: [...modules, new ContainerModule(({ bind }) => void bind(AccessLog).toConstantValue(accessLog))],
  });
  onTestFinished(() => gateway.stop());
  return { gateway, lines };
}
