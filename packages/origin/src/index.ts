export { ConnectionPoolHandler } from './connection-pool-handler.ts';
export { ConnectionPool } from './connection-pool.ts';
export type { PoolCallbacks } from './connection-pool.ts';
export { RoundRobinLoadBalancer } from './load-balancer.ts';
export type { LoadBalancer } from './load-balancer.ts';
export { OriginConnector } from './origin-connector.ts';
export type { OriginPipeline } from './origin-connector.ts';
export { OriginError, originError } from './origin-error.ts';
export type { OriginFailure } from './origin-error.ts';
export { OriginManager } from './origin-manager.ts';
export { OriginMetrics } from './origin-metrics.ts';
export { OriginOptions, originOptions } from './origin-options.ts';
export { OriginResponseReceiver } from './origin-response-receiver.ts';
export type { OriginResponseListener } from './origin-response-receiver.ts';
export { OriginResources } from './origin-resources.ts';
export type { OriginResourcesInit } from './origin-resources.ts';
export { OriginServer } from './origin-server.ts';
export { Origin } from './origin.ts';
export type { OriginConfig, ServerChoice } from './origin.ts';
export { PooledConnection } from './pooled-connection.ts';
export { ProxyEndpointOptions } from './proxy-endpoint-options.ts';
export { ProxyEndpoint } from './proxy-endpoint.ts';
export { DEADLINE_FIELD } from './request-deadline.ts';
export {
  checkUpstreamPolicy,
  RETRY_CONDITIONS,
  UPSTREAM_POLICY,
  upstreamPolicySchema,
} from './upstream-policy.ts';
export type { RetryCondition, RetryPolicy, UpstreamPolicy, UpstreamPolicyInput } from './upstream-policy.ts';
