/** Holds a browser still, as a machine that is asleep or out of breath would: it reads nothing. */
import type { Browser } from 'playwright';
import * as v from 'valibot';

const processSchema = v.object({
  processInfo: v.array(v.object({ type: v.string(), id: v.number() })),
});

/**
 * Stops the pages of a browser and its network service; sockets stay open and nobody reads them.
 * Needs signals, so not on Windows.
 *
 * @returns the way to let them go on.
 */
export async function holdStill(browser: Browser): Promise<() => void> {
  const session = await browser.newBrowserCDPSession();
  const info = v.parse(processSchema, await session.send('SystemInfo.getProcessInfo'));
  await session.detach();
  // The browser process itself stays awake: it is what the test talks to.
  const held = info.processInfo.filter(({ type }) => type !== 'browser' && type !== 'GPU');
  for (const { id } of held) process.kill(id, 'SIGSTOP');
  return () => {
    for (const { id } of held) process.kill(id, 'SIGCONT');
  };
}
