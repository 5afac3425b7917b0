import type { LevelledLogger, ReloadReport } from '@sluice/admin';
import type { Logger } from '@sluice/core';
import { parseAddress } from '@sluice/gateway/config';
import type { GatewayConfig } from '@sluice/gateway/config';
import type { AdminSettings } from '../admin/admin-settings.ts';
import { ConfigReload, declaredBy } from '../config/config-reload.ts';
import { loadConfigFile, showFindings } from '../config/load-config-file.ts';
import { startDeclaredGateway } from '../reference/declared-gateway.ts';
import { routeLines } from '../config/route-lines.ts';
import type { WorkerRole } from '../workers/worker-role.ts';
import type { StartedCommand } from './started-command.ts';

const STARTING: ReloadReport = { isApplied: false, messages: ['The gateway is not started yet.'] };

/** Runs the gateway that a configuration file declares, and goes along with its changes. */
export async function run(
  path: string,
  logger: Logger & Partial<LevelledLogger>,
  role?: WorkerRole,
): Promise<StartedCommand> {
  const loaded = await loadConfigFile(path);
  const { value, warnings } = loaded.config;
  // Once, and not by each worker.
  if (warnings.length > 0 && (role === undefined || role.worker === 1)) console.error(showFindings(warnings));
  let reload: ConfigReload | undefined;
  const running = await startDeclaredGateway(
    {
      reload: async () => (await reload?.reload()) ?? STARTING,
      admin: value.admin && adminOf(value.admin),
      config: value,
      accessLog: value.accessLog,
      declare: declaredBy(loaded),
    },
    logger,
    role,
  );
  const watch = new ConfigReload(loaded, running, logger);
  await watch.watch(path);
  reload = watch;
  return {
    running: { ...running, watch },
    routes: routeLines(value),
    reload: () => void watch.reload(),
  };
}

function adminOf({
  address: text,
  ...settings
}: NonNullable<GatewayConfig['admin']>): AdminSettings | undefined {
  const address = parseAddress(text);
  return address && { tokenFile: undefined, ...settings, address };
}
