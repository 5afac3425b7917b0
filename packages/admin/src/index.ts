export { ADMIN_HANDLERS, adminGateway, adminParts } from './admin-gateway.ts';
export type { AdminDeclaration, AdminGatewayDeclaration } from './admin-gateway.ts';
export { AdminOptions } from './http/admin-options.ts';
export { AdminToken } from './http/admin-token.ts';
export { gatewayAdminActions } from './local/gateway-admin-actions.ts';
export type { GatewayAdminActionParts } from './local/gateway-admin-actions.ts';
export { GatewayAdminSource } from './local/gateway-admin-source.ts';
export type { GatewayAdminParts } from './local/gateway-admin-source.ts';
export { LogLevels } from './local/log-levels.ts';
export type { LevelledLogger } from './local/log-levels.ts';
export { mergeOrigins } from './merge/merge-origins.ts';
export { mergeFilters, mergeListeners, mergePassports } from './merge/merge-reports.ts';
export { PassportHistory, PassportHistoryOptions, PassportRecordingHandler } from './passports/index.ts';
export type { PassportRecord } from './passports/index.ts';
export type { AdminActions } from './seam/admin-actions.ts';
export type { AdminSource, Awaitable } from './seam/admin-source.ts';
export type { PassportQuery, StatusRange } from './seam/passport-query.ts';
export type {
  BreakerReport,
  FilterReport,
  HandlerReport,
  LastReloadReport,
  ListenerReport,
  ListenersReport,
  LoggingReport,
  OriginReport,
  OriginServerReport,
  PassportReport,
  PassportStateReport,
  ReloadReport,
  StatusReport,
} from './seam/reports.ts';
export { maskSecrets } from './text/mask-secrets.ts';
