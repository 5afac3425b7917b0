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
