import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { installNpmPackages, npmPackagesInstalled } from './peers/npm-packages.ts';
import { npmPeers } from './peers/npm-peers.ts';
import type { Peer, TlsFiles } from './peers/peer.ts';
import { makeTlsFiles } from './peers/tls-files.ts';
import { freePort } from '../support/process/free-port.ts';
import type { ManagedProcess } from '../support/process/managed-process.ts';
import { MEASURED_CPU, pinnedLaunch } from '../support/process/pinned-launch.ts';
import type { ProcessSet } from '../support/process/process-set.ts';
import { waitUntilReady } from '../support/process/wait-until-ready.ts';

/** A proxy that runs and hands requests through. */
export type Participant = {
  name: string;
  version: string;
  port: number;
  isTls: boolean;
  process: ManagedProcess;
};

/** Who takes part in a run, and who does not and why. */
export type LineUp = {
  participants: Participant[];
  leftOut: { name: string; reason: string }[];
};

export type LineUpOptions = {
  peers: readonly Peer[];
  originPort: number;
  accessLog: boolean;
  isPinned: boolean;
  /** Whether the scenarios want proxies that speak plain HTTP, and such that speak TLS. */
  kinds: { plain: boolean; tls: boolean };
  /** Directory of the run; each proxy gets one of its own in it. */
  directory: string;
};

/** Starts every proxy that this machine has; one that is missing or does not work is left out, with the reason. */
export async function startLineUp(processes: ProcessSet, options: LineUpOptions): Promise<LineUp> {
  await installIfNeeded(processes, options);
  const lineUp: LineUp = { participants: [], leftOut: [] };
  const tls = options.kinds.tls ? makeTlsFiles(options.directory) : undefined;
  for (const peer of options.peers) {
    if (options.kinds.plain) await addPeer(lineUp, processes, peer, options, undefined);
    if (tls && peer.speaksTls) await addPeer(lineUp, processes, peer, options, tls);
  }
  return lineUp;
}

async function addPeer(
  lineUp: LineUp,
  processes: ProcessSet,
  peer: Peer,
  options: LineUpOptions,
  tls: TlsFiles | undefined,
): Promise<void> {
  const outcome = await startPeer(processes, peer, options, tls);
  if (typeof outcome !== 'string') lineUp.participants.push(outcome);
  else lineUp.leftOut.push({ name: tls ? `${peer.name} with TLS` : peer.name, reason: outcome });
}

async function installIfNeeded(processes: ProcessSet, { peers, directory }: LineUpOptions): Promise<void> {
  if (npmPackagesInstalled() || !peers.some((peer) => npmPeers.includes(peer))) return;
  console.error('installing the npm peers into test/bench/.peers (once)');
  try {
    await installNpmPackages(processes, join(directory, 'npm-install.log'));
  } catch (error) {
    console.error(messageOf(error));
  }
}

async function startPeer(
  processes: ProcessSet,
  peer: Peer,
  options: LineUpOptions,
  tls: TlsFiles | undefined,
): Promise<Participant | string> {
  const check = peer.check();
  if ('absent' in check) return check.absent;
  const directory = join(options.directory, tls ? `${peer.name}-tls` : peer.name);
  mkdirSync(directory);
  const { originPort, accessLog } = options;
  const port = await freePort();
  const command = peer.command({ port, originPort, accessLog, directory, tls });
  const launch = { ...command, name: peer.name, logFile: join(directory, 'output.log') };
  const started = processes.start(options.isPinned ? pinnedLaunch(launch, MEASURED_CPU) : launch);
  try {
    await waitUntilReady(started, port, tls !== undefined);
  } catch (error) {
    await processes.stop(started);
    return messageOf(error);
  }
  return { name: peer.name, version: check.version, port, isTls: tls !== undefined, process: started };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
