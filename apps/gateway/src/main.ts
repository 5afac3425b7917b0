// Until the program is loaded and takes it: without a listener it opens the inspector of Node.js.
process.on('SIGUSR1', () => {});
await import('./run-gateway.ts');
