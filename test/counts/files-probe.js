// Notes in the process of a gateway which files of JavaScript it has compiled. Loaded with --import.
import { Session } from 'node:inspector';

const files = new Set();

const session = new Session();
session.connect();
session.on('Debugger.scriptParsed', ({ params: { url } }) => {
  if (url.startsWith('file:') && url !== import.meta.url) files.add(url);
});
session.post('Debugger.enable');

process.on('message', (question) => {
  if (question.ask === 'files') process.send([...files]);
});
// The program ends by itself, with or without somebody who asks.
process.channel?.unref();
