import type { LevelledLogger } from '@sluice/admin';
import type { Logger } from '@sluice/core';
import { declarationFromConfig, parseAddress } from '@sluice/gateway/config';
import type { GatewayConfig } from '@sluice/gateway/config';
import type { AdminSettings } from '../admin/admin-settings.ts';
import { announce } from '../announce.ts';
import { loadConfigFile, showFindings } from '../load-config-file.ts';
import { startDeclaredGateway } from '../reference-gateway.ts';
import type { RunningGateway } from '../reference-gateway.ts';
import { routeLines } from '../route-lines.ts';

/** Runs the gateway that a configuration file declares. */
export async function run(path: string, logger: Logger & Partial<LevelledLogger>): Promise<RunningGateway> {
  const { config, registry } = await loadConfigFile(path);
  const { value, warnings } = config;
  if (warnings.length > 0) console.error(showFindings(warnings));
  const admin = value.admin && adminOf(value.admin);
  const running = await startDeclaredGateway(
    {
      admin,
      config: value,
      accessLog: value.accessLog,
      declare: (base, tlsOf) => declarationFromConfig(value, registry, base, tlsOf),
    },
    logger,
  );
  announce(running, routeLines(value));
  return running;
}

function adminOf({
  address: text,
  ...settings
}: NonNullable<GatewayConfig['admin']>): AdminSettings | undefined {
  const address = parseAddress(text);
  return address && { tokenFile: undefined, ...settings, address };
}
