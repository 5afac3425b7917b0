import { gatewayAdminActions, GatewayAdminSource } from '@sluice/admin';
import type {
  AdminActions,
  AdminSource,
  GatewayAdminActionParts,
  GatewayAdminParts,
  LevelledLogger,
} from '@sluice/admin';
import type { Logger } from '@sluice/core';
import { logLevelsOf } from './log-levels-of.ts';

/** What an operator can look at and change of a gateway of this process. */
export interface OperatedParts
  extends Required<Omit<GatewayAdminParts, 'logLevels'>>, Pick<GatewayAdminActionParts, 'filterNamesOf'> {
  readonly logger: Logger & Partial<LevelledLogger>;
  /** Absent: there is no configuration to read again. */
  readonly reload: AdminActions['reload'];
}

/** The ways to do that. */
export interface Operated {
  readonly source: AdminSource;
  readonly actions: AdminActions;
}

export function operated({ logger, reload, filterNamesOf, ...parts }: OperatedParts): Operated {
  const logLevels = logLevelsOf(logger);
  return {
    source: new GatewayAdminSource({ ...parts, logLevels }),
    actions: gatewayAdminActions({
      gateway: parts.gateway,
      logLevels,
      filterNamesOf,
      ...(reload && { reload }),
    }),
  };
}
