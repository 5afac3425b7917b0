import { freePort } from '../../support/process/free-port.ts';
import { GatewayProcess } from './gateway-process.ts';
import type { ProxyOptions, ProxyUnderTest, RunningProxy } from './proxy-under-test.ts';

/** The name of the gateway's option for a silent origin. */
const UPSTREAM_IDLE_OPTION = '--upstream-idle-timeout-ms';

/** The reference gateway in quick mode. */
export const sluiceGateway: ProxyUnderTest = {
  async start(originPort: number, options: ProxyOptions = {}): Promise<RunningProxy> {
    const port = await freePort();
    const args = ['proxy', '--to', `http://127.0.0.1:${originPort}`];
    args.push('--listen', `127.0.0.1:${port}`, '--access-log', 'off');
    const { upstreamIdleTimeoutMs } = options;
    if (upstreamIdleTimeoutMs !== undefined) args.push(UPSTREAM_IDLE_OPTION, String(upstreamIdleTimeoutMs));
    return GatewayProcess.start(port, args);
  },
};
