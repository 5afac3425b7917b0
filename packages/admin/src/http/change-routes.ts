import { HttpStatusError } from '@sluice/filters';
import { wrongValue } from './admin-query.ts';
import { jsonReply } from './admin-reply.ts';
import type { AdminRoute } from './admin-route.ts';

const LEVEL = /^[a-z]{1,20}$/;

/** What can be changed. */
export const changeRoutes: readonly AdminRoute[] = [
  {
    method: 'POST',
    path: '/logging',
    parameters: ['level', 'logger'],
    summary: 'sets the level of a logger, or of all',
    answer: async ({ actions, query }) => {
      const level = query.required('level', 'a level like debug');
      if (!LEVEL.test(level)) throw wrongValue('level', 'a level like debug', level);
      if (actions.setLogLevel === undefined) throw notSupported('The levels of this program are fixed.');
      return jsonReply(await actions.setLogLevel(level, query.text('logger')));
    },
  },
  {
    method: 'POST',
    path: '/filters/{name}',
    parameters: ['enabled'],
    summary: 'turns a filter off and on; enabled: true or false',
    answer: async ({ actions, query, name }) => {
      query.required('enabled', 'true or false');
      const isEnabled = query.choice('enabled', ['true', 'false']) === 'true';
      if (actions.setFilterEnabled === undefined)
        throw notSupported('The filters of this program are fixed.');
      return jsonReply(await actions.setFilterEnabled(name, isEnabled));
    },
  },
  {
    method: 'POST',
    path: '/reload',
    summary: 'reads the configuration again; it is refused whole when something in it is wrong',
    answer: async ({ actions }) => {
      if (actions.reload === undefined)
        throw notSupported('This program has no configuration to read again.');
      const report = await actions.reload();
      if (report.isApplied) return jsonReply(report);
      // RFC 9110 §15.5.21: understood, and not followed.
      throw new HttpStatusError(422, ['Nothing was changed.', ...report.messages].join('\n'));
    },
  },
  {
    method: 'POST',
    path: '/drain',
    summary: 'ends the program without losing a request',
    answer: async ({ actions }) => {
      if (actions.drain === undefined) throw notSupported('This program can only be ended by a signal.');
      await actions.drain();
      return jsonReply({ state: 'draining' }, 202);
    },
  },
];

function notSupported(message: string): HttpStatusError {
  return new HttpStatusError(501, message);
}
