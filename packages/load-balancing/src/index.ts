export { Hash64 } from './hash64.ts';
export type { Host } from './host.ts';
export { LOAD_BALANCER_POLICIES, LoadBalancerOptions } from './load-balancer-options.ts';
export type { LoadBalancerPolicy } from './load-balancer-options.ts';
export type { LoadBalancer } from './load-balancer.ts';
export { PriorityLoadBalancer } from './priority-load-balancer.ts';
export type { LoadBalancerSettings } from './priority-load-balancer.ts';
export { priorityLoads } from './priority-loads.ts';
export { xxHash64, xxHash64OfText } from './xx-hash64.ts';
