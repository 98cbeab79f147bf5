/** One phone's camera: switched, taken away and given back, with somebody watching. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openConsole, type ConsolePage } from './harness/console-page';
import type { FrameReading } from './harness/page-probe';
import { openPhone, type PhonePage } from './harness/phone-page';
import { startServer, type SignalServer } from './harness/signal-server';
import { until } from './harness/until';
import { useStage } from './harness/use-stage';

describe.each(['stream', 'mobileStream'] as const)('the camera of the %s page', (page) => {
  const stage = useStage('test');
  let wall: ConsolePage;
  let phone: PhonePage;
  let streamId: string;
  let server: SignalServer;

  beforeEach(async () => {
    server = await startServer(stage);
    wall = await openConsole(stage, server);
    phone = await openPhone(stage, server, { phone: 0, page, cameras: 'two-built-in' });
    await phone.start();
    const [tile] = await wall.untilTileCount(1);
    streamId = tile?.streamId ?? '';
    await wall.untilTileState(streamId, ['live']);
    await untilShown('first');
  });

  /** Connections must neither be rebuilt nor added by anything done here. */
  afterEach(async () => {
    expect(await phone.connections()).toEqual({ made: 1, open: 1 });
  });

  it('is switched without the viewers noticing more than the picture', async () => {
    const endWatch = await wall.watchStates(streamId);
    await phone.tap('switch-camera');
    await untilShown('second');
    await phone.tap('switch-camera');
    await untilShown('first');
    expect(await endWatch()).toEqual(['live']);
    expect(await phone.state()).toBe('live');
  });

  it('comes back as it was when the other one cannot be opened', async () => {
    const endWatch = await wall.watchStates(streamId);
    await phone.page.evaluate(() => {
      const { mediaDevices } = navigator;
      const open = mediaDevices.getUserMedia.bind(mediaDevices);
      let refusals = 0;
      mediaDevices.getUserMedia = async (constraints) => {
        // Only the first attempt fails, so that the way back is open.
        if (refusals > 0 || constraints?.video === undefined) return open(constraints);
        refusals += 1;
        throw new DOMException('Could not start video source', 'NotReadableError');
      };
    });
    await phone.tap('switch-camera');
    await until(
      'the old camera to send again',
      () =>
        phone.page
          .getByTestId('preview')
          .evaluate(
            (video) =>
              (video as HTMLVideoElement).srcObject !== null &&
              ((video as HTMLVideoElement).srcObject as MediaStream)
                .getVideoTracks()
                .some((track) => track.readyState === 'live'),
          ),
      (isLive) => isLive,
    );
    await untilShown('first');
    expect(await phone.state()).toBe('live');
    expect(await endWatch()).toEqual(['live']);
  });

  it('is missed on the tile while a call has it, and repaired on return', async () => {
    await setHidden(true);
    await phone.page.getByTestId('preview').evaluate((video) => {
      const stream = (video as HTMLVideoElement).srcObject as MediaStream;
      for (const track of stream.getVideoTracks()) {
        track.stop();
        // Only the system's own taking fires this event; stop() by the page does not.
        track.dispatchEvent(new Event('ended'));
      }
    });
    await wall.untilTileState(streamId, ['frozen', 'reconnecting']);
    const words = await wall.tileLocator(streamId).textContent();
    expect(words).toMatch(/hidden|screen|call|camera/iu);

    await setHidden(false);
    await wall.untilTileState(streamId, ['live']);
    await untilShown('first');
  });

  async function untilShown(camera: 'first' | 'second'): Promise<void> {
    await until(
      `the picture of the ${camera} camera`,
      () => wall.readPicture(streamId),
      (picture) => picture !== undefined && cameraOf(picture) === camera,
    );
  }

  async function setHidden(isHidden: boolean): Promise<void> {
    await phone.page.evaluate((hidden) => {
      const state = hidden ? 'hidden' : 'visible';
      Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
      Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, isHidden);
  }
});

/** Chromium's fake cameras are both green; the corner that fades in and out is not. */
function cameraOf({ corner: [red, green] }: FrameReading): 'first' | 'second' | undefined {
  if (green < 60) return undefined;
  return red > green * 0.7 ? 'second' : 'first';
}
