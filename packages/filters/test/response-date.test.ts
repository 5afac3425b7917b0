import { HttpHeaders, HttpResponse } from '@sluice/codec-http';
import { VirtualClock } from '@sluice/core';
import { describe, expect, it } from 'vitest';
import { addDate } from '../src/pipeline/response-date.ts';
import { Client, GET, text } from './support.ts';

describe('the date of a response', () => {
  it('is when it came, to the second, where it has none', () => {
    const clock = new VirtualClock();
    const dates = [0, 999, 1, 59_000].map((ms) => {
      clock.advance(ms);
      return dateOf(new HttpResponse({ status: 200 }), clock);
    });

    expect(dates.map((date) => date?.slice(-12))).toEqual([
      '00:00:00 GMT',
      '00:00:00 GMT',
      '00:00:01 GMT',
      '00:01:00 GMT',
    ]);
    expect(dates[0]).toBe('Thu, 01 Jan 1970 00:00:00 GMT');
  });

  it('is left as it is where it has one', () => {
    const headers = HttpHeaders.of([['date', 'Sun, 06 Nov 1994 08:49:37 GMT']]);

    expect(dateOf(new HttpResponse({ status: 200, headers }))).toBeUndefined();
  });

  it.each([100, 103])('is not added to an interim response: %i', (status) => {
    expect(dateOf(new HttpResponse({ status }))).toBeUndefined();
  });

  it('is not added where a tunnel opens', () => {
    expect(dateOf(new HttpResponse({ status: 101, upgrade: 'websocket' }))).toBeUndefined();
    expect(dateOf(new HttpResponse({ status: 200, acceptsConnect: true }))).toBeUndefined();
  });

  it('is in what the client gets', () => {
    const client = new Client({ endpoint: text('fine') });

    expect(client.send(GET)).toMatch(/\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\n/);
  });
});

function dateOf(response: HttpResponse, clock = new VirtualClock()): string | undefined {
  addDate(response, clock);
  return response.date;
}
