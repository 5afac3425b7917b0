export type { CookiePolicy, HashPolicy } from './balancing/hash-policy.ts';
export type { ServerChoice } from './balancing/server-choice.ts';
export { ConnectionPoolHandler } from './pool/connection-pool-handler.ts';
export { ConnectionPool } from './pool/connection-pool.ts';
export type { PoolCallbacks } from './pool/connection-pool.ts';
export { isYamlFile } from './discovery-config.ts';
export type { DiscoveryConfig } from './discovery-config.ts';
export { HealthCheckOptions } from './health/health-check-options.ts';
export type { StatusRange } from './health/health-check-options.ts';
export type { ProbeOutcome } from './health/health-probe.ts';
export { OutlierDetectionOptions } from './health/outlier-detection-options.ts';
export type { OutlierListener } from './health/outlier-detector.ts';
export type { OutlierReason } from './health/outlier-monitor.ts';
export { ServerHealth } from './health/server-health.ts';
export type { LoadBalancer } from './load-balancer.ts';
export { checkedOriginConfig } from './origin-config.ts';
export type { OriginConfig, ServerConfig } from './origin-config.ts';
export { OriginConnector } from './pool/origin-connector.ts';
export type { OriginPipeline } from './pool/origin-connector.ts';
export { OriginError, originError } from './origin-error.ts';
export type { OriginFailure } from './origin-error.ts';
export type { OriginListener } from './origin-listener.ts';
export { OriginManager } from './origin-manager.ts';
export { OriginMetrics } from './origin-metrics.ts';
export { OriginOptions, originOptions } from './origin-options.ts';
export { OriginResponseReceiver } from './pool/origin-response-receiver.ts';
export type { OriginResponseListener } from './pool/origin-response-receiver.ts';
export { OriginResources } from './origin-resources.ts';
export type { OriginResourcesInit } from './origin-resources.ts';
export { OriginServerStats } from './origin-server-stats.ts';
export type { RequestOutcome } from './origin-server-stats.ts';
export { OriginServer } from './origin-server.ts';
export type { OriginServices } from './origin-services.ts';
export { Origin } from './origin.ts';
export { nameSchema } from './schema/name-schema.ts';
export { originSchemas } from './schema/origin-schemas.ts';
export type { OriginCallbacks } from './origin.ts';
export { PooledConnection } from './pool/pooled-connection.ts';
export { PROXY_OWNED_FIELDS } from './proxy/proxy-owned-fields.ts';
export { ProxyEndpointOptions } from './proxy/proxy-endpoint-options.ts';
export { ProxyEndpoint } from './proxy/proxy-endpoint.ts';
export { DEADLINE_FIELD } from './proxy/request-deadline.ts';
export { SHARED_LIMITS, shareLimits } from './share-limits.ts';
export { ServerMetrics } from './server-metrics.ts';
export {
  checkUpstreamPolicy,
  RETRY_CONDITIONS,
  UPSTREAM_POLICY,
  upstreamPolicySchema,
} from './proxy/upstream-policy.ts';
export type {
  RetryCondition,
  RetryPolicy,
  UpstreamPolicy,
  UpstreamPolicyInput,
} from './proxy/upstream-policy.ts';
