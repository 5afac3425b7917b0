import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePorts } from '../../support/process/free-port.ts';
import type { LoadBench } from '../load-bench.ts';
import type { GatewayUnderTest } from './gateway-under-test.ts';

type Options = Readonly<Record<string, unknown>>;

/** A gateway that is declared in a file, with what a program sets in it. */
export type DeclaredGateway = {
  name: string;
  originPort: number;
  /** Options of the handlers of every listener but `plain`, by the handler's name. */
  handlerOptions?: Readonly<Record<string, Options>>;
  /** Limits and timeouts of the origin. */
  originOptions?: Options;
  /** Further options of the admin listener. */
  admin?: Options;
  /** Further keys of the file, like `accessLog`, and others in the place of `origins` and `routes`. */
  more?: Options;
  /** Further arguments of the command line. */
  args?: readonly string[];
};

/** A gateway with a listener of each kind, and an admin listener. */
export type ListeningGateway = {
  gateway: GatewayUnderTest;
  /** Plain HTTP, with the default options. */
  plain: number;
  /** Plain HTTP, with those that were given. */
  set: number;
  tls: number;
  /** Plain HTTP behind a PROXY protocol header. */
  prefaced: number;
  adminPort: number;
  /** The file, and what is in it. */
  file: string;
  configuration: Options;
};

/** Writes the file and starts a gateway from it, by `run --config`. */
export async function startListeners(bench: LoadBench, declared: DeclaredGateway): Promise<ListeningGateway> {
  const [plain = 0, set = 0, tls = 0, prefaced = 0, adminPort = 0] = await freePorts(5);
  const { ssl, ...handlerOptions } = declared.handlerOptions ?? {};
  const listener = (port: number): object => ({ address: `127.0.0.1:${port}`, handlerOptions });
  const withTls = ssl === undefined ? handlerOptions : { ...handlerOptions, ssl };
  const configuration = {
    listeners: [
      { address: `127.0.0.1:${plain}` },
      listener(set),
      { ...listener(tls), handlerOptions: withTls, tls: { certificates: [bench.certificate()] } },
      { ...listener(prefaced), proxyProtocolFrom: ['127.0.0.0/8'] },
    ],
    origins: [
      { name: 'load', servers: [`127.0.0.1:${declared.originPort}`], options: declared.originOptions ?? {} },
    ],
    routes: [{ prefix: '/', origin: 'load' }],
    admin: { address: `127.0.0.1:${adminPort}`, ...declared.admin },
    ...declared.more,
  };
  const file = join(bench.directory, `${declared.name}.json`);
  writeFileSync(file, JSON.stringify(configuration));
  const args = ['run', '--config', file, ...(declared.args ?? [])];
  const gateway = await bench.startGateway({ name: declared.name, args, port: plain, adminPort });
  return { gateway, plain, set, tls, prefaced, adminPort, file, configuration };
}
