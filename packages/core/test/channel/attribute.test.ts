import { expect, it } from 'vitest';
import { AttributeKey, ChannelOption, EmbeddedChannel } from '@sluice/core';

it('B-05: valueOf gives one key for a name, newInstance refuses a name that is taken', () => {
  const key = AttributeKey.valueOf<number>('attribute-test.one');

  expect(AttributeKey.valueOf('attribute-test.one')).toBe(key);
  expect(() => AttributeKey.newInstance('attribute-test.one')).toThrow(
    "'attribute-test.one' is already in use",
  );
  expect(AttributeKey.exists('attribute-test.none')).toBe(false);
  expect(() => AttributeKey.valueOf('')).toThrow('needs a name');
  expect(String(key)).toBe('attribute-test.one');
});

it('B-06: an attribute is there from the first look until it is removed', () => {
  const key = AttributeKey.newInstance<string>('attribute-test.two');
  const channel = new EmbeddedChannel();
  expect(channel.hasAttr(key)).toBe(false);
  expect(channel.attr(key).get()).toBeUndefined();
  expect(channel.hasAttr(key)).toBe(true);

  const attribute = channel.attr(key);
  expect(attribute.setIfAbsent('a')).toBeUndefined();
  expect(attribute.setIfAbsent('b')).toBe('a');
  expect(attribute.getAndSet('c')).toBe('a');
  expect([attribute.compareAndSet('x', 'd'), attribute.compareAndSet('c', 'd')]).toEqual([false, true]);
  expect(attribute.getAndRemove()).toBe('d');
  expect(channel.hasAttr(key)).toBe(false);

  attribute.set('detached');
  expect(channel.attr(key).get()).toBeUndefined();
  attribute.remove();
  expect(channel.hasAttr(key)).toBe(true);
});

it('B-06: keys are apart from each other, and channels too', () => {
  const keys = Array.from({ length: 50 }, (_, at) =>
    AttributeKey.newInstance<number>(`attribute-test.many.${at}`),
  );
  const [a, b] = [new EmbeddedChannel(), new EmbeddedChannel()];
  for (const [at, key] of keys.toReversed().entries()) a.attr(key).set(at);

  expect(keys.map((key) => a.attr(key).get())).toEqual(keys.map((_, at) => 49 - at));
  expect(keys.some((key) => b.hasAttr(key))).toBe(false);
});

it('B-12: an option is set by its name, or refused when it is unknown', () => {
  const { config } = new EmbeddedChannel();

  expect(config.setOption(ChannelOption.CONNECT_TIMEOUT_MS, 5)).toBe(true);
  expect([config.connectTimeoutMs, config.getOption(ChannelOption.CONNECT_TIMEOUT_MS)]).toEqual([5, 5]);
  expect(config.setOption(new ChannelOption<number>('UNKNOWN'), 5)).toBe(false);
  expect(config.getOption(new ChannelOption<number>('UNKNOWN'))).toBeUndefined();
  expect(() => config.setOption(ChannelOption.CONNECT_TIMEOUT_MS, -1)).toThrow(RangeError);
});
