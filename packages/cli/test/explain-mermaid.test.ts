import { HttpServerCodec } from '@sluice/codec-http';
import { IdleStateHandler } from '@sluice/handler-idle-state';
import { expect, it } from 'vitest';
import { parseCommandLine } from '../src/command-line/command-line.ts';
import { explainOptions } from '../src/explain/explain-options.ts';
import { mermaidOf } from '../src/explain/explain-mermaid.ts';

it('draws a list from the head to the tail', () => {
  expect(mermaidOf([{ title: 'listener "a" #1', handlers: [IdleStateHandler, HttpServerCodec] }])).toBe(
    `flowchart LR
  subgraph list0["listener #quot;a#quot; #35;1"]
    h0_0["HEAD"]
    h0_1["idle-state<br/>IdleStateHandler"]
    h0_2["http-server-codec<br/>HttpServerCodec"]
    h0_3["TAIL"]
    h0_0 --> h0_1 --> h0_2 --> h0_3
  end`,
  );
});

it('draws both lists of the reference gateway, without what is left out', () => {
  const chart = explainOptions(parseCommandLine(['explain', '--mermaid', '--without', 'logging']));

  expect(chart.match(/subgraph/g)).toHaveLength(2);
  expect(chart).toContain('connection-pool<br/>ConnectionPoolHandler');
  expect(chart).not.toContain('LoggingHandler<');
  expect(chart).not.toContain('"logging<br/>');
});

it('refuses two formats at once', () => {
  expect(() => parseCommandLine(['explain', '--json', '--mermaid'])).toThrow('exclude each other');
});
