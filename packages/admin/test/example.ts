import { adminGateway, AdminToken, gatewayAdminActions, GatewayAdminSource } from '@sluice/admin';
import type { Gateway } from '@sluice/gateway';
import type { MetricsRegistry } from '@sluice/handler-metrics';

/** An operator's listener beside a gateway. */
export function operatorOf(gateway: Gateway, metrics: MetricsRegistry, port: number): Gateway {
  return adminGateway({
    address: { host: '127.0.0.1', port },
    source: new GatewayAdminSource({ gateway, metrics }),
    actions: gatewayAdminActions({ gateway, drain: () => void gateway.drain() }),
    options: { token: AdminToken.fromFile('/run/secrets/sluice-admin') },
  });
}
