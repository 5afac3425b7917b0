import type { LevelledLogger, ReloadReport } from '@sluice/admin';
import { recordedFiles } from '@sluice/config';
import type { ConfigRecord } from '@sluice/config';
import type { Logger } from '@sluice/core';
import type { DrainOptions } from '@sluice/gateway';
import { filterNamesOf, parseAddress } from '@sluice/gateway/config';
import type { GatewayConfig, LoadedGatewayConfig } from '@sluice/gateway/config';
import type { AdminSettings } from '../admin/admin-settings.ts';
import { ConfigReload, declaredBy, ownTarget, prepare } from '../config/config-reload.ts';
import { loadConfigFile, showFindings } from '../config/load-config-file.ts';
import { routeLines } from '../config/route-lines.ts';
import { startDeclaredGateway } from '../reference/declared-gateway.ts';
import type { DeclaredGateway } from '../reference/declared-gateway.ts';
import type { WorkerRole } from '../workers/worker-messages.ts';
import type { StartedCommand } from './started-command.ts';

const STARTING: ReloadReport = { isApplied: false, messages: ['The gateway is not started yet.'] };

/** Runs the gateway that a configuration file declares, and goes along with its changes. */
export async function run(
  path: string,
  drain: DrainOptions,
  logger: Logger & Partial<LevelledLogger>,
): Promise<StartedCommand> {
  const loaded = await loadConfigFile(path);
  const { value, warnings } = loaded.config;
  if (warnings.length > 0) console.error(showFindings(warnings));
  let reload: ConfigReload | undefined;
  const declared = {
    ...declaredAs(loaded, drain),
    reload: async () => (await reload?.reload()) ?? STARTING,
    lastReload: () => reload?.last,
  };
  const running = await startDeclaredGateway(declared, logger);
  const watch = new ConfigReload(path, loaded, ownTarget(running), logger);
  await watch.watch();
  reload = watch;
  return {
    running: { ...running, watch },
    routes: loaded.config.hideSecrets(routeLines(value)),
    reload: () => void watch.reloadAtSignal(),
  };
}

/** Runs it as one of several workers: the primary has read the file, and says when to go over to another. */
export async function runAsWorker(
  path: string,
  drain: DrainOptions,
  logger: Logger & Partial<LevelledLogger>,
  role: WorkerRole,
  record: ConfigRecord,
): Promise<StartedCommand> {
  const load = (read: ConfigRecord): Promise<LoadedGatewayConfig> =>
    loadConfigFile(path, { files: recordedFiles(read) });
  const loaded = await load(record);
  const running = await startDeclaredGateway(declaredAs(loaded, drain), logger, role);
  return {
    running,
    routes: loaded.config.hideSecrets(routeLines(loaded.config.value)),
    prepareReload: async (next) => prepare(running, await load(next)),
  };
}

function declaredAs(loaded: LoadedGatewayConfig, drain: DrainOptions): DeclaredGateway {
  const { value } = loaded.config;
  return {
    // Of plugins each filter has a name of its own.
    filterNamesOf: (name) => filterNamesOf(name, loaded.registry),
    admin: value.admin && adminOf(value.admin),
    config: loaded.config,
    accessLog: value.accessLog,
    drain,
    declare: declaredBy(loaded),
  };
}

function adminOf({
  address: text,
  ...settings
}: NonNullable<GatewayConfig['admin']>): AdminSettings | undefined {
  const address = parseAddress(text);
  return address && { tokenFile: undefined, ...settings, address };
}
