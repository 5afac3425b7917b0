// Loaded before the gateway: says whether the program has loaded anything when it first listens to SIGUSR1.
process.once('newListener', function first(signal) {
  if (signal !== 'SIGUSR1') process.once('newListener', first);
  else console.error(`has loaded reflect-metadata: ${'defineMetadata' in Reflect}`);
});
