import type { ExplainedOrigin } from './explained-origin.ts';
import type { FilterStep } from './filter-steps.ts';
import type { ExplainedRoute, OwnAnswer, RequestWay, SentRequest } from './request-way.ts';

const LABEL_COLUMN = 14;

/** The way of a request for people: what it meets, from the listener to the origin. */
export function requestWayText(way: RequestWay): string {
  const { method, scheme, authority, target } = way.request;
  const { inbound, endpoints, outbound } = way.filters;
  const place = method === 'CONNECT' ? target : `${scheme}://${authority}${target}`;
  return [
    `${method} ${place}\n`,
    ...entry('listener', [
      ...way.listeners,
      ...(way.listenerNote === undefined ? [] : [`(${way.listenerNote})`]),
    ]),
    ...entry('virtual host', way.virtualHost === undefined ? [] : [way.virtualHost]),
    ...entry(
      'passed over',
      way.passedOver.map(({ route, place, because }) => `${route} (${place}): ${because}`),
    ),
    ...entry('route', way.route === undefined ? ['none'] : routeLines(way.route)),
    ...entry('inbound', stepLines(inbound)),
    ...entry(
      'endpoint',
      way.answer === undefined ? stepLines(endpoints.slice(0, 1)) : answerLines(way.answer),
    ),
    ...entry('outbound', stepLines(outbound)),
    ...entry('origin', way.origins.flatMap(originLines)),
    ...entry('sends', way.sent === undefined ? [] : sentLines(way.sent)),
  ].join('\n');
}

function entry(label: string, lines: readonly string[]): readonly string[] {
  return lines.map((line, at) => `${(at === 0 ? label : '').padEnd(LABEL_COLUMN)}${line}`.trimEnd());
}

function routeLines({ name, place, path, conditions, upstream }: ExplainedRoute): readonly string[] {
  const said = `${name} (${place}): ${[path, ...conditions].join(', ')}`;
  return upstream === undefined ? [said] : [said, settings(upstream).join('  ')];
}

function settings(values: object, prefix = ''): readonly string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const isGroup = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (Array.isArray(value) && value.length === 0) return [];
    return isGroup ? settings(value as object, `${prefix}${name}.`) : `${prefix}${name}=${String(value)}`;
  });
}

function stepLines(steps: readonly FilterStep[]): readonly string[] {
  const width = Math.max(...steps.map(({ name }) => name.length));
  return steps.map((step) => {
    const note = noteOf(step);
    return `${step.name.padEnd(width)}  ${note}`.trimEnd();
  });
}

function noteOf({ isOn, because, isConditional, constraints }: FilterStep): string {
  if (!isOn) return because === 'off by default' ? because : `off: ${because}`;
  return [
    ...(because === undefined ? [] : [because]),
    ...(isConditional ? ['if it takes the message'] : []),
    ...(constraints.length > 0 ? [`unless skipped by ${constraints.join(', ')}`] : []),
  ].join('; ');
}

function answerLines({ status, location, because }: OwnAnswer): readonly string[] {
  const answer = location === undefined ? `${status}` : `${status} to ${location}`;
  return [`none, but ${answer}: ${because}`];
}

function originLines({ name, percent, servers, ...origin }: ExplainedOrigin): readonly string[] {
  const { discovery, loadBalancer, isTls, sticky, hashedBy } = origin;
  const share = percent === 100 ? '' : ` (${percent} %${sticky === undefined ? '' : `, by ${sticky}`})`;
  const places = [...servers, ...(discovery === undefined ? [] : [discovery])].join(', ');
  const by = hashedBy.length === 0 ? '' : ` by ${hashedBy.join(', ')}`;
  return [`${name}${share}: ${loadBalancer}${by} over ${places}${isTls ? ', with TLS' : ''}`];
}

function sentLines({ method, target, host, headers }: SentRequest): readonly string[] {
  return [`${method} ${target}`, `host: ${host}`, ...headers.map(([name, value]) => `${name}: ${value}`)];
}
