import { direct } from './direct.ts';
import { haproxy } from './haproxy.ts';
import { nginx } from './nginx.ts';
import { npmPeers } from './npm-peers.ts';
import type { Peer } from './peer.ts';
import { sluice, sluiceTwoWorkers, sluiceWithFilters } from './sluice.ts';

/** The proxy that every ratio is a ratio to. */
export const YARDSTICK = nginx.name;

/** Those that run when none is named. */
export const USUAL_PEERS: readonly Peer[] = [sluice, sluiceTwoWorkers, nginx, haproxy, ...npmPeers];

export const ALL_PEERS: readonly Peer[] = [...USUAL_PEERS, ...sluiceWithFilters, direct];
