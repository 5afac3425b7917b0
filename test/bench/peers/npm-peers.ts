import { fileURLToPath } from 'node:url';
import { NPM_PACKAGES, npmPackagesInstalled, type NpmPackage } from './npm-packages.ts';
import type { Peer } from './peer.ts';

/** Proxies built with packages from npm, each the plain server that its own documentation leads to. */
export const npmPeers: readonly Peer[] = [
  npmPeer('http-proxy', 'http-proxy'),
  npmPeer('http-proxy-3', 'http-proxy-3'),
  npmPeer('fastify-http-proxy', '@fastify/http-proxy'),
  npmPeer('node-http-undici', 'undici'),
];

function npmPeer(name: string, packageName: NpmPackage): Peer {
  const server = fileURLToPath(new URL(`${name}.js`, import.meta.url));
  return {
    name,
    speaksTls: false,
    check: () =>
      npmPackagesInstalled()
        ? { version: NPM_PACKAGES[packageName] }
        : { absent: 'its npm packages are not installed' },
    command: ({ port, originPort, accessLog }) => ({
      file: process.execPath,
      args: [server, String(port), String(originPort), accessLog ? 'on' : 'off'],
    }),
  };
}
