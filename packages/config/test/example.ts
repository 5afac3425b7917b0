import { formatFinding, loadConfig, watchConfig } from '@sluice/config';
import type { ConfigCheck } from '@sluice/config';
import { z } from 'zod';

const schema = z.strictObject({
  port: z.int().min(0).max(65_535).default(8080),
  token: z.string().min(16).meta({ secret: true }),
  softLimit: z.number().default(10),
  hardLimit: z.number().default(20),
});

const limits: ConfigCheck<z.output<typeof schema>> = {
  name: 'limits',
  run: ({ softLimit, hardLimit }) =>
    softLimit <= hardLimit
      ? []
      : [
          {
            severity: 'error',
            path: ['softLimit'],
            message: `found ${softLimit}, expected at most hardLimit.`,
          },
        ],
};

const definition = { schema, checks: [limits] };

export async function startOf(path: string): Promise<z.output<typeof schema>> {
  const { value, warnings } = await loadConfig(path, { definition });
  for (const warning of warnings) console.warn(formatFinding(warning));
  return value;
}

export async function followOf(path: string, apply: (port: number) => void): Promise<() => void> {
  const { events$ } = await watchConfig(path, { definition });
  const subscription = events$.subscribe((event) => {
    if (event.kind === 'loaded') apply(event.config.value.port);
    else console.error(event.error.message);
  });
  return () => subscription.unsubscribe();
}
