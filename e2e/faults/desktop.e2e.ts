/** The desktop's own server killed: it is started again, the operator is told, pictures go on. */
import { describe, expect, it } from 'vitest';
import { CodedPhones } from '../harness/coded-phones';
import { openDesktop } from '../harness/desktop-app';
import { serverPid, untilReady } from '../harness/desktop-process';
import { until } from '../harness/until';
import { useStage } from '../harness/use-stage';
import { isFull, useFaultTable } from './fault-table';
import { missingPictures } from './missing-pictures';

const KILLS = isFull ? 3 : 1;

describe('the server inside the desktop', { timeout: 120_000 }, () => {
  const stage = useStage();
  const note = useFaultTable();

  it('is killed, comes back, and the operator hears of it', async () => {
    const desktop = await openDesktop(stage);
    const { console: wall } = desktop;
    await untilReady(wall.page);
    const joinUrl = await wall.joinUrl();
    const phones = await CodedPhones.open(stage, { url: () => joinUrl });
    const phone = await phones.add(6);
    await phone.start();
    const streamId = await wall.untilPictureOf(6);
    await note(`embedded server killed${KILLS === 1 ? '' : ` ${KILLS} times`}`, async () => {
      const watch = await wall.watchPicture(streamId);
      const from = Date.now();
      const times: number[] = [];
      let said = '';
      for (let kill = 1; kill <= KILLS; kill += 1) {
        const dead = await serverPid(desktop.app);
        const killedAt = performance.now();
        process.kill(dead, 'SIGKILL');
        said = await until(
          'the operator to be told',
          async () => (await wall.page.getByRole('status').allTextContents()).join(' '),
          (text) =>
            text.includes('stopped and was started again') &&
            text.includes(kill === 1 ? 'once' : `${kill} times`),
        );
        await until(
          'the console to be connected',
          () => wall.serverState(),
          (state) => state === 'live',
        );
        await phone.untilState('live');
        await phone.untilViewers(1);
        times.push(performance.now() - killedAt);
      }
      const { changes } = await watch.end();
      expect((await phone.connections()).made).toBe(1);
      return {
        missingMs: missingPictures(changes, 6, { from, faultEndedAt: from, to: Date.now() })
          .missingMs,
        backAfterMs: Math.max(...times),
        remark: `“${said.replaceAll(/\s+/gu, ' ').trim()}” no connection rebuilt`,
      };
    });
  });
});
