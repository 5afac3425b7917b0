import { describe, expect, it } from 'vitest';
import type { ProxyCase } from '../case/proxy-case.ts';
import { judgeProxy } from '../judge/judge-proxy.ts';
import type { ProxyObservation } from '../judge/observation.ts';
import { BAD_REQUEST, clientSaw, GET, OK, originSaw, ownAnswer, strangeAnswer } from './fixtures.ts';

const FORWARDED = GET.replace('\r\n\r\n', '\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n');
const ACCEPTED: ProxyCase = {
  id: 'made-up',
  hex: '',
  mode: 'required',
  source_trusted: true,
  peer_end: 'none',
  expect: 'accept',
  src: '192.0.2.1',
  leftover_hex: Buffer.from(GET).toString('hex'),
  why: 'made up',
};
const REFUSED: ProxyCase = { ...ACCEPTED, expect: 'reject', reject_by: 'parse' };

const served: ProxyObservation = {
  client: clientSaw(OK),
  otherConnection: ownAnswer,
  upstream: [originSaw(FORWARDED)],
};
const closed: ProxyObservation = { client: clientSaw('', 'fin'), otherConnection: ownAnswer, upstream: [] };

describe('a header that must be accepted', () => {
  it('holds when the origin is told of its client', () => {
    expect(judgeProxy(ACCEPTED, served).failures).toEqual([]);
  });

  it('holds when an IPv4 address is spelled as one of IPv6', () => {
    expect(judgeProxy({ ...ACCEPTED, src: '::ffff:192.0.2.1' }, served).failures).toEqual([]);
  });

  it('holds when what is behind is no request, and is refused as such', () => {
    const seen = { ...closed, client: clientSaw(BAD_REQUEST, 'fin') };

    expect(judgeProxy({ ...ACCEPTED, leftover_hex: '1603' }, seen).failures).toEqual([]);
  });

  it.each<[string, Partial<ProxyCase>, ProxyObservation, string]>([
    ['it is refused', {}, closed, 'accepted, but no request came through: got "", the connection is fin'],
    ['another client is named', { src: '192.0.2.2' }, served, 'told 192.0.2.1'],
    ['the client of a header without one is named', { src: null }, served, 'expected 127.0.0.1 as client'],
    ['it is served twice', {}, { ...served, upstream: [originSaw(FORWARDED + FORWARDED)] }, '2 requests'],
    ['the client gets an error', {}, { ...served, client: clientSaw(BAD_REQUEST) }, 'expected 200'],
    ['what is no request is served', { leftover_hex: '1603' }, served, 'expected 400 and a close'],
    ['the next connection is served wrong', {}, { ...served, otherConnection: strangeAnswer }, '"evil"'],
  ])('fails when %s', (_, fields, seen, failure) => {
    expect(judgeProxy({ ...ACCEPTED, ...fields }, seen).failures.join('; ')).toContain(failure);
  });
});

describe('a header that must be refused', () => {
  it('holds when the connection is closed without a word', () => {
    expect(judgeProxy(REFUSED, closed).failures).toEqual([]);
  });

  it.each<[string, ProxyObservation, string]>([
    ['the connection lives on', { ...closed, client: clientSaw('') }, 'was not closed'],
    ['something is said', { ...closed, client: clientSaw(BAD_REQUEST, 'fin') }, 'close without a word'],
    ['it is served', { ...closed, upstream: [originSaw(FORWARDED)] }, 'a request came through'],
  ])('fails when %s', (_, seen, failure) => {
    expect(judgeProxy(REFUSED, seen).failures.join('; ')).toContain(failure);
  });
});
