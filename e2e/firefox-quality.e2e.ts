/**
 * The system's own Firefox as a phone whose picture follows the tile: what it can do is done, what it
 * cannot does no harm, and the console says which is which.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { findFirefox } from '../scripts/provision/firefox';
import { openConsole, type ConsolePage } from './harness/console-page';
import { openFirefox, type FirefoxPage } from './harness/firefox';
import { OperatorDesk } from './harness/operator-desk';
import type { FrameReading } from './harness/page-probe';
import { readEncoding, readSentVideo } from './harness/sent-video';
import { startServer } from './harness/signal-server';
import { pause, until } from './harness/until';
import { useStage } from './harness/use-stage';
import { hueDistance } from './harness/video-code';

/** Both ends encode or decode on a busy machine, in milliseconds. */
const PATIENT = { timeoutMs: 30_000 };

/** Time in which a phone that sends would have sent something, in milliseconds. */
const LOOK_MS = 500;

/** Degrees by which a changed color differs; decoding alone moves it by less than one. */
const HUE_STEP = 8;

const obstacle = findFirefox() === undefined ? 'there is no firefox on this machine' : undefined;
if (obstacle !== undefined) console.log(`Firefox and the quality are not tested: ${obstacle}.`);

describe.skipIf(obstacle !== undefined)('Firefox as a phone whose picture follows the tile', () => {
  const stage = useStage();
  let wall: ConsolePage;
  let phone: FirefoxPage;
  let streamId: string;
  let fullWidth: number;

  beforeAll(async () => {
    const server = await startServer(stage);
    wall = await openConsole(stage, server);
    const firefox = await openFirefox(stage, { name: 'firefox' });
    phone = await firefox.open(server.url('stream'));
    await phone.click('start');
    const [tile] = await wall.untilTileCount(1, PATIENT);
    streamId = tile?.streamId ?? '';
    await wall.untilTileState(streamId, ['live'], PATIENT);
    fullWidth = (await untilShown(wall, streamId, (width) => width > 0)).width;
  });

  it('sends a small tile a small picture, a large one the full one again', async () => {
    await wall.page.setViewportSize({ width: 480, height: 360 });
    const { width } = await untilShown(wall, streamId, (seen) => seen < fullWidth);
    const encoding = await phone.page.evaluate(readEncoding);
    expect(encoding?.scaleResolutionDownBy).toBeCloseTo(fullWidth / width, 1);
    await wall.page.setViewportSize({ width: 1440, height: 900 });
    await untilMoving(wall, streamId, await untilShown(wall, streamId, (w) => w === fullWidth));
  });

  it('sends nothing to a hidden console, and comes back', async () => {
    await wall.setHidden(true);
    let before = -1;
    await until(
      'the phone to stop',
      async () => {
        await pause(LOOK_MS);
        return sumOf(await phone.page.evaluate(readSentVideo));
      },
      (bytes) => {
        const stands = bytes === before;
        before = bytes;
        return stands;
      },
      PATIENT,
    );
    await wall.setHidden(false);
    await untilMoving(wall, streamId, await untilShown(wall, streamId, (width) => width > 0));
  });

  it('tells the truth of exact values, also where its browser refuses some', async () => {
    const { page } = wall;
    await new OperatorDesk(wall).choose(streamId, 'quality', 'mouse');
    await page.getByTestId('quality-exact').check();
    await page.getByTestId('exact-scale').selectOption('0.5');
    await untilShown(wall, streamId, (width) => width === fullWidth / 2);
    const ignored = page.getByTestId('quality-ignored');
    expect(await ignored.count()).toBe(0);
    // As older ones do: one value is refused, another is dropped without a word.
    await phone.page.evaluate(becomePicky);
    await page.getByTestId('exact-scale').selectOption('0.25');
    await ignored.waitFor();
    const asked = page.getByTestId('quality-figures').getByRole('row', { name: 'Asked for' });
    const sent = page.getByTestId('quality-figures').getByRole('row', { name: 'Phone sends' });
    await until(
      'what was asked for',
      () => asked.textContent(),
      (text) => text?.includes(`${fullWidth / 4}×`) === true,
    );
    await until(
      'what is sent, which the phone reports once a second',
      () => sent.textContent(),
      (text) => text?.includes(`${fullWidth / 2}×`) === true,
    );
    expect(await phone.page.evaluate(readEncoding)).toMatchObject({ active: true });
    await untilMoving(wall, streamId, await untilShown(wall, streamId, (width) => width > 0));
    expect(await wall.tile(streamId)).toMatchObject({ state: 'live' });
    expect(await phone.complaints()).toEqual([]);
  });
});

/** Waits for a picture of a size on the tile of a Chromium. */
async function untilShown(
  wall: ConsolePage,
  streamId: string,
  isRight: (width: number) => boolean,
): Promise<FrameReading> {
  const seen = await until(
    'a picture of that width',
    () => wall.readPicture(streamId),
    (picture) => picture !== undefined && isRight(picture.width),
    PATIENT,
  );
  if (seen === undefined) throw new Error('The tile shows no picture.');
  return seen;
}

/** Firefox's fake camera is one color that runs through the hues, some 20 degrees a second. */
async function untilMoving(
  wall: ConsolePage,
  streamId: string,
  first: FrameReading,
): Promise<void> {
  await until(
    'the picture to change its color',
    () => wall.readPicture(streamId),
    (seen) => seen !== undefined && hueDistance(seen.hue, first.hue) > HUE_STEP,
    PATIENT,
  );
}

function sumOf(sent: readonly { readonly bytes: number }[]): number {
  return sent.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Lets its browser take no other size and no bitrate from now on. Runs inside a page. */
function becomePicky(): void {
  const proto = RTCRtpSender.prototype;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called on the senders they belong to
  const { getParameters, setParameters } = proto;
  const sizes = new WeakMap<RTCRtpSender, number | undefined>();
  proto.getParameters = function (this: RTCRtpSender) {
    const parameters = getParameters.call(this);
    for (const encoding of parameters.encodings) delete encoding.maxBitrate;
    sizes.set(this, parameters.encodings[0]?.scaleResolutionDownBy);
    return parameters;
  };
  proto.setParameters = function (this: RTCRtpSender, parameters) {
    if (parameters.encodings[0]?.scaleResolutionDownBy !== sizes.get(this)) {
      return Promise.reject(new RangeError('No other size is taken.'));
    }
    for (const encoding of parameters.encodings) delete encoding.maxBitrate;
    return setParameters.call(this, parameters);
  };
}
