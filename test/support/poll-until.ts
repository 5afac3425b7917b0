import { setTimeout as delay } from 'node:timers/promises';

const EVERY_MS = 50;

/** Asks again and again until `isDone` says yes, at most for `withinMs`; resolves to the last answer. */
export async function pollUntil<Answer>(
  ask: () => Promise<Answer>,
  isDone: (answer: Answer) => boolean,
  withinMs: number,
): Promise<Answer> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (isDone(answer) || performance.now() > deadline) return answer;
    await delay(EVERY_MS);
  }
}
