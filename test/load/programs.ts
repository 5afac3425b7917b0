import { blackHole, BLACK_HOLE_LONG, BLACK_HOLE_SHORT } from './black-hole/black-hole.ts';
import { bodies, BODIES_LONG, BODIES_SHORT } from './bodies/bodies.ts';
import { bursts, BURSTS_LONG, BURSTS_SHORT } from './bursts/bursts.ts';
import { downloads, DOWNLOADS_LONG, DOWNLOADS_SHORT } from './downloads/downloads.ts';
import { drain, DRAIN_LONG, DRAIN_SHORT } from './drain/drain.ts';
import { idle } from './idle/idle.ts';
import { IDLE_LONG, IDLE_SHORT } from './idle/idle-settings.ts';
import { saturation, SATURATION_LONG, SATURATION_SHORT } from './limits/saturation.ts';
import { staleEnds, STALE_LONG, STALE_SHORT } from './limits/stale-ends.ts';
import { killed, KILLED_LONG, KILLED_SHORT } from './killed/killed.ts';
import type { LoadProgram } from './load-program.ts';
import { soak } from './soak/soak.ts';
import { SOAK_LONG, SOAK_SHORT } from './soak/soak-settings.ts';
import { stalls, STALLS_LONG, STALLS_SHORT } from './stalls/stalls.ts';
import { overload, OVERLOAD_LONG, OVERLOAD_SHORT } from './overload/overload.ts';
import { reloads, RELOADS_LONG, RELOADS_SHORT } from './reloads/reloads.ts';
import { replay, REPLAY_LONG, REPLAY_SHORT } from './replay/replay.ts';
import { restarts, RESTARTS_LONG, RESTARTS_SHORT } from './restarts/restarts.ts';
import { starts, STARTS_LONG, STARTS_SHORT } from './starts/starts.ts';
import { truncated, TRUNCATED_LONG, TRUNCATED_SHORT } from './truncated/truncated.ts';
import { slow } from './slow/slow.ts';
import { SLOW_LONG, SLOW_SHORT } from './slow/slow-settings.ts';

/** Every program, in the order of the help text. */
export const PROGRAMS: readonly LoadProgram[] = [
  {
    name: 'idle',
    summary: 'what idle connections cost: plain, TLS, with an admin listener; bars 16, 17',
    run: (bench, { isShort, connections, breakdown }) =>
      idle(bench, {
        ...(isShort ? IDLE_SHORT : IDLE_LONG),
        ...(connections === undefined ? {} : { connections }),
        ...(breakdown === undefined ? {} : { breakdown, kinds: ['plain'] }),
      }),
  },
  {
    name: 'slow',
    summary: 'clients that send a byte every two seconds, beside normal traffic; bars 23, 24, 25',
    run: (bench, { isShort, connections }) =>
      slow(bench, {
        ...(isShort ? SLOW_SHORT : SLOW_LONG),
        ...(connections === undefined ? {} : { connections }),
      }),
  },
  {
    name: 'soak',
    summary: 'ten minutes of full load with churn and faults, every body checked; bars 2, 3, 5, 21, 40',
    run: (bench, { isShort, minutes, pause }) =>
      soak(bench, {
        ...(isShort ? SOAK_SHORT : SOAK_LONG),
        ...(minutes === undefined ? {} : { durationMs: minutes * 60_000 }),
        ...(pause === undefined ? {} : { pauseMs: pause }),
      }),
  },
  {
    name: 'bodies',
    summary: 'bodies from nothing to 1 GiB, both ways, compared by SHA-256; bar 3',
    run: (bench, { isShort, minutes }) =>
      bodies(bench, {
        ...(isShort ? BODIES_SHORT : BODIES_LONG),
        ...(minutes === undefined ? {} : { durationMs: minutes * 60_000 }),
      }),
  },
  {
    name: 'truncated',
    summary: 'answers that break off, plain and over TLS; bar 4',
    run: (bench, { isShort }) => truncated(bench, isShort ? TRUNCATED_SHORT : TRUNCATED_LONG),
  },
  {
    name: 'stalls',
    summary: 'downloads that nobody reads, uploads that nobody takes; bars 18, 19',
    run: (bench, { isShort }) => stalls(bench, isShort ? STALLS_SHORT : STALLS_LONG),
  },
  {
    name: 'bursts',
    summary: 'crowds of connections that come and go; bar 20',
    run: (bench, { isShort }) => bursts(bench, isShort ? BURSTS_SHORT : BURSTS_LONG),
  },
  {
    name: 'stale',
    summary: 'an origin that ends kept connections just when they are used; bar 30',
    run: (bench, { isShort }) => staleEnds(bench, isShort ? STALE_SHORT : STALE_LONG),
  },
  {
    name: 'saturation',
    summary: 'an origin that can not keep up; bar 33',
    run: (bench, { isShort }) => saturation(bench, isShort ? SATURATION_SHORT : SATURATION_LONG),
  },
  {
    name: 'overload',
    summary: 'a gateway that gets twice what it can do; bars 22, 28',
    run: (bench, { isShort }) => overload(bench, isShort ? OVERLOAD_SHORT : OVERLOAD_LONG),
  },
  {
    name: 'downloads',
    summary: 'small requests beside large downloads; bar 14',
    run: (bench, { isShort }) => downloads(bench, isShort ? DOWNLOADS_SHORT : DOWNLOADS_LONG),
  },
  {
    name: 'killed',
    summary: 'one of three servers is killed under load; bar 29',
    run: (bench, { isShort }) => killed(bench, isShort ? KILLED_SHORT : KILLED_LONG),
  },
  {
    name: 'black-hole',
    summary: 'a server that takes no connections and refuses none; bar 31',
    run: (bench, { isShort }) => blackHole(bench, isShort ? BLACK_HOLE_SHORT : BLACK_HOLE_LONG),
  },
  {
    name: 'reloads',
    summary: 'configurations that change again and again under load; bar 37',
    run: (bench, { isShort }) => reloads(bench, isShort ? RELOADS_SHORT : RELOADS_LONG),
  },
  {
    name: 'drain',
    summary: 'the end of a gateway with all kinds of work under way; bar 36',
    run: (bench, { isShort }) => drain(bench, isShort ? DRAIN_SHORT : DRAIN_LONG),
  },
  {
    name: 'replay',
    summary: 'the conformance cases at full speed beside normal traffic; bars 26, 27',
    run: (bench, { isShort, minutes }) =>
      replay(bench, {
        ...(isShort ? REPLAY_SHORT : REPLAY_LONG),
        ...(minutes === undefined ? {} : { durationMs: minutes * 60_000 }),
      }),
  },
  {
    name: 'restarts',
    summary: 'rolling restarts of all workers under load; bar 35',
    run: (bench, { isShort }) => restarts(bench, isShort ? RESTARTS_SHORT : RESTARTS_LONG),
  },
  {
    name: 'starts',
    summary: 'memory and time of a start; bar 15',
    run: (bench, { isShort }) => starts(bench, isShort ? STARTS_SHORT : STARTS_LONG),
  },
];
