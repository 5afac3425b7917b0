export { parseCommandLine } from './command-line/command-line.ts';
export type { CommandLine } from './command-line/command-line.ts';
export { UsageError } from './command-line/usage-error.ts';
export type { RequestWay } from './explain/request-way.ts';
export type { Program } from './program/program.ts';
export { runProgram } from './program/run-program.ts';
export type { GatewaySettings } from './reference/gateway-settings.ts';
export {
  originHandlers,
  plainHandlers,
  serverHandlers,
  tlsServerHandlers,
  withPassportRecording,
} from './reference/pipeline.ts';
export { startReferenceGateway } from './reference/reference-gateway.ts';
export { drainReferenceGateway, stopReferenceGateway } from './reference/running-gateway.ts';
export type { RunningGateway } from './reference/running-gateway.ts';
