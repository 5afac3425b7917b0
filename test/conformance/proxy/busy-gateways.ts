import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadBench } from '../../load/load-bench.ts';
import { freePort } from '../../support/process/free-port.ts';
import type { BusyCounts, Busyness } from '../busy/busy-question.ts';
import { BusyTraffic } from '../busy/busy-traffic.ts';
import { GatewayProcess } from './gateway-process.ts';
import { VALID_HEADER } from '../wire/proxy-header.ts';
import type { ProxyOptions, ProxyUnderTest, RunningProxy } from './proxy-under-test.ts';

/** Where the busy clients ask; no case does. */
const BUSY_PREFIX = '/exchange/';

/**
 * The reference gateway as in quick mode, kept busy on connections beside those of the cases, whose requests go to an
 * origin of their own.
 */
export class BusyGateways implements ProxyUnderTest {
  readonly #bench: LoadBench;
  readonly #busyness: Busyness;
  readonly #failures: string[] = [];
  #answered = 0;
  #busyOrigin: Promise<number> | undefined;

  /** Each gateway is as busy as that. */
  constructor(bench: LoadBench, busyness: Busyness) {
    this.#bench = bench;
    this.#busyness = busyness;
  }

  /** What became of the requests beside, as far as gateways were stopped. */
  get counts(): BusyCounts {
    return { answered: this.#answered, failures: this.#failures };
  }

  async start(originPort: number, options: ProxyOptions = {}): Promise<RunningProxy> {
    this.#busyOrigin ??= this.#bench.startOrigin().then(({ port }) => port);
    const busyPort = await this.#busyOrigin;
    const port = await freePort();
    const file = join(this.#bench.directory, `gateway-${port}.json`);
    writeFileSync(file, JSON.stringify(declaration(port, originPort, busyPort, options)));
    const gateway = await GatewayProcess.start(port, ['run', '--config', file]);
    const { processes, directory } = this.#bench;
    const preface = options.proxyProtocolFrom === undefined ? '' : VALID_HEADER;
    const traffic = await BusyTraffic.start(processes, directory, { port, preface, ...this.#busyness });
    return {
      port,
      get failure() {
        return gateway.failure;
      },
      stop: async () => {
        this.#add(await traffic.stop());
        await gateway.stop();
      },
    };
  }

  #add({ answered, failures }: BusyCounts): void {
    this.#answered += answered;
    this.#failures.push(...failures);
  }
}

function declaration(port: number, originPort: number, busyPort: number, options: ProxyOptions): object {
  return {
    listeners: [listener(port, options)],
    origins: [
      { name: 'busy', servers: [`127.0.0.1:${busyPort}`] },
      { name: 'default', servers: [`127.0.0.1:${originPort}`], options: originOptions(options) },
    ],
    routes: [
      { prefix: BUSY_PREFIX, origin: 'busy' },
      { prefix: '/', origin: 'default' },
    ],
    accessLog: { destination: 'off' },
  };
}

function listener(port: number, { proxyProtocolFrom, proxyProtocolTimeoutMs }: ProxyOptions): object {
  const handlerOptions =
    proxyProtocolTimeoutMs === undefined
      ? {}
      : { 'elb-proxy-protocol': { timeoutMs: proxyProtocolTimeoutMs } };
  return {
    address: `127.0.0.1:${port}`,
    ...(proxyProtocolFrom !== undefined && { proxyProtocolFrom: [proxyProtocolFrom] }),
    handlerOptions,
  };
}

function originOptions({ upstreamIdleTimeoutMs: responseTimeoutMs }: ProxyOptions): object {
  return responseTimeoutMs === undefined ? {} : { responseTimeoutMs };
}
