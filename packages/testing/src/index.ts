export { ContractError } from './contract/contract-error.ts';
export type {
  ContractCheck,
  ContractStep,
  HandlerContractOptions,
  MakeHandler,
} from './contract/contract-options.ts';
export { describeHandler } from './contract/describe-handler.ts';
export type { TestFunctions } from './contract/describe-handler.ts';
export { handlerContract } from './contract/handler-contract.ts';
export { fakeOrigin, FakeOrigin } from './gateway/fake-origin.ts';
export type { OriginAnswer, OriginListener } from './gateway/fake-origin.ts';
export { LogRecorder } from './gateway/log-recorder.ts';
export type { LogEntry } from './gateway/log-recorder.ts';
export { rawOrigin, RawOrigin } from './gateway/raw-origin.ts';
export type { TestClient } from './gateway/test-client.ts';
export { LEAST_HANDLERS, testGateway, TestGateway } from './gateway/test-gateway.ts';
export type { TestGatewayDeclaration, TestOriginDeclaration } from './gateway/test-gateway.ts';
export { unreachableOrigin } from './gateway/test-origin.ts';
export type { TestOrigin } from './gateway/test-origin.ts';
export type { Wire, WireEnd, WireListener } from './gateway/wire.ts';
export type { RequestInit, ResponseInit } from './http/message-init.ts';
export { NoResponseError } from './http/no-response-error.ts';
export type { ReceivedRequest, ReceivedResponse } from './http/received-message.ts';
export { runFilters } from './run-filters.ts';
export type { FilterRun, RunFiltersOptions } from './run-filters.ts';
