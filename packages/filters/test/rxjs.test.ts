import type { HttpRequestMessage } from '@sluice/filters';
import { delay, EMPTY, map, NEVER, Observable, of, throwError, VirtualTimeScheduler } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { Client, echo, GET, inbound, outbound, text } from './support.ts';

describe('a filter that returns an Observable of RxJS', () => {
  it.each([
    { what: 'of a message', apply: (request: HttpRequestMessage) => of(request) },
    { what: 'of nothing', apply: () => EMPTY },
    { what: 'of many', apply: (request: HttpRequestMessage) => of(request, request, request) },
  ])('goes on with the first item ($what)', async ({ apply }) => {
    const client = new Client({ filters: [inbound({ apply })], endpoint: echo() });

    expect(await client.sendAndSettle(GET)).toContain('HTTP/1.1 200 OK');
    expect(client.channel.clock.pendingTimers).toBe(0);
  });

  it('waits for it, with operators between', async () => {
    const scheduler = new VirtualTimeScheduler();
    const slow = outbound({
      apply: (response) =>
        of('x-slow').pipe(
          delay(100, scheduler),
          map((name) => void response.headers.set(name, '1')),
        ),
    });
    const client = new Client({ filters: [slow], endpoint: text('fine') });

    expect(await client.sendAndSettle(GET)).toBe('');
    scheduler.flush();
    await client.settle();

    expect(client.received()).toMatch(/x-slow: 1\r\n[^]*fine$/);
  });

  it('fails with it', async () => {
    const client = new Client({ filters: [inbound({ apply: () => throwError(() => new Error('no')) })] });

    expect(await client.sendAndSettle(GET)).toContain('HTTP/1.1 500');
  });

  it.each([
    { what: 'its deadline', end: (client: Client) => client.channel.clock.advance(10_000) },
    { what: 'the end of the client', end: (client: Client) => client.leave() },
  ])('is unsubscribed at $what', ({ end }) => {
    let subscribed = 0;
    const apply = (): Observable<void> =>
      new Observable((subscriber) => {
        subscribed++;
        subscriber.add(NEVER.subscribe());
        subscriber.add(() => subscribed--);
      });
    const client = new Client({ filters: [inbound({ apply })], endpoint: text('never') });

    client.send(GET);
    expect(subscribed).toBe(1);
    end(client);

    expect(subscribed).toBe(0);
    expect(client.channel.clock.pendingTimers).toBe(0);
  });

  it('fails when it can not be subscribed to, and leaves no timer', () => {
    const broken = { subscribe: () => raise() };
    const client = new Client({ filters: [inbound({ apply: () => broken })], endpoint: text('never') });

    expect(client.send(GET)).toContain('HTTP/1.1 500');
    expect(client.channel.clock.pendingTimers).toBe(0);
  });
});

function raise(): never {
  throw new Error('no');
}
