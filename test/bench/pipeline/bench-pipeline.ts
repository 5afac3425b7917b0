import 'reflect-metadata';
import { originHandlers, plainHandlers, serverHandlers } from '@sluice/cli';
import { EmbeddedChannel, silentLogger } from '@sluice/core';
import { FilterRegistry, resolveFilters } from '@sluice/filters';
import { LOGGER } from '@sluice/gateway';
import { AccessLog, tabFormat } from '@sluice/handler-access-log';
import { PipelineAssembler } from '@sluice/inject';
import type { HandlerClass } from '@sluice/inject';
import { Container } from 'inversify';
import { printRow } from '../print-row.ts';

const CHANNELS = 64;
const ROUNDS = 600;
const WARM_UP = 200;
/** What building the pipeline of a connection may cost. */
const BAR_US = 25;

/** Prints what it costs to fill the pipeline of a new connection: its handlers are made, added and told so. */
export function benchPipeline(): void {
  const lists: readonly (readonly [string, readonly HandlerClass[]])[] = [
    ['client, reference', serverHandlers],
    ['client, least', plainHandlers],
    ['origin', originHandlers],
  ];
  printRow('pipeline', ['handlers', 'best', 'median']);
  for (const [name, list] of lists) {
    const times = microseconds(new PipelineAssembler(newContainer(), list));
    const [best = 0] = times;
    const median = times[times.length >> 1] ?? 0;
    printRow(name, [String(list.length), `${best.toFixed(2)} us`, `${median.toFixed(2)} us`]);
    if (best > BAR_US) process.exitCode = 1;
  }
  printRow('bar', ['', `${BAR_US} us`]);
}

/** A pipeline's cost in each round, in order. */
function microseconds(assembler: PipelineAssembler): readonly number[] {
  const rounds = Array.from({ length: WARM_UP + ROUNDS }, () => round(assembler));
  return rounds.slice(WARM_UP).toSorted((a, b) => a - b);
}

function round(assembler: PipelineAssembler): number {
  const channels = Array.from({ length: CHANNELS }, () => new EmbeddedChannel());
  const begin = process.hrtime.bigint();
  for (const channel of channels) assembler.assemble(channel);
  const took = Number(process.hrtime.bigint() - begin);
  for (const channel of channels) channel.close();
  return took / CHANNELS / 1000;
}

/** What the handlers of the reference lists inject beside their options. */
function newContainer(): Container {
  const container = new Container({ autobind: true });
  container.bind(LOGGER).toConstantValue(silentLogger);
  container.bind(AccessLog).toConstantValue(new AccessLog(tabFormat(), { write: () => {} }));
  container.bind(FilterRegistry).toConstantValue(new FilterRegistry(resolveFilters(container, [])));
  return container;
}
