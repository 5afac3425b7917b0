import type { LevelledLogger } from '@sluice/admin';
import type { Logger } from '@sluice/core';
import { parseAddress } from '@sluice/gateway/config';
import type { GatewayConfig } from '@sluice/gateway/config';
import type { AdminSettings } from '../admin/admin-settings.ts';
import { announce } from '../announce.ts';
import { ConfigReload, declaredBy } from '../config-reload.ts';
import { loadConfigFile, showFindings } from '../load-config-file.ts';
import { startDeclaredGateway } from '../reference-gateway.ts';
import type { RunningGateway } from '../reference-gateway.ts';
import { routeLines } from '../route-lines.ts';

/** Runs the gateway that a configuration file declares, and goes along with its changes. */
export async function run(path: string, logger: Logger & Partial<LevelledLogger>): Promise<RunningGateway> {
  const loaded = await loadConfigFile(path);
  const { value, warnings } = loaded.config;
  if (warnings.length > 0) console.error(showFindings(warnings));
  const running = await startDeclaredGateway(
    {
      admin: value.admin && adminOf(value.admin),
      config: value,
      accessLog: value.accessLog,
      declare: declaredBy(loaded),
    },
    logger,
  );
  const reload = new ConfigReload(loaded, running, logger);
  await reload.watch(path);
  // As daemons are asked to read their configuration again.
  process.on('SIGHUP', () => void reload.reload());
  announce(running, routeLines(value));
  return { ...running, watch: reload };
}

function adminOf({
  address: text,
  ...settings
}: NonNullable<GatewayConfig['admin']>): AdminSettings | undefined {
  const address = parseAddress(text);
  return address && { tokenFile: undefined, ...settings, address };
}
