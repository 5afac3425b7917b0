import { freePort } from '../../support/process/free-port.ts';
import { GatewayProcess } from './gateway-process.ts';
import type { ProxyOptions, ProxyUnderTest, RunningProxy } from './proxy-under-test.ts';

/** The name of the gateway's option for a silent origin. */
const UPSTREAM_IDLE_OPTION = '--upstream-idle-timeout-ms';

/** The name of the handler's option for a PROXY protocol header that does not come. */
const HEADER_TIMEOUT = 'elb-proxy-protocol.timeoutMs';

/** The reference gateway in quick mode. */
export const sluiceGateway: ProxyUnderTest = {
  async start(originPort: number, options: ProxyOptions = {}): Promise<RunningProxy> {
    const port = await freePort();
    const args = ['proxy', '--to', `http://127.0.0.1:${originPort}`];
    args.push('--listen', `127.0.0.1:${port}`, '--access-log', 'off');
    return GatewayProcess.start(port, [...args, ...optionArguments(options)]);
  },
};

function optionArguments({
  upstreamIdleTimeoutMs,
  proxyProtocolFrom,
  proxyProtocolTimeoutMs,
}: ProxyOptions): string[] {
  const args: string[] = [];
  if (upstreamIdleTimeoutMs !== undefined) args.push(UPSTREAM_IDLE_OPTION, String(upstreamIdleTimeoutMs));
  if (proxyProtocolFrom !== undefined) args.push('--proxy-protocol', proxyProtocolFrom);
  if (proxyProtocolTimeoutMs !== undefined) args.push('--set', `${HEADER_TIMEOUT}=${proxyProtocolTimeoutMs}`);
  return args;
}
