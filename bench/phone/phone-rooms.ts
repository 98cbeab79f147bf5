/**
 * A phone of Sightline and a bare one, each with as many viewers, of which only one sends at a time:
 * Sightline's rests while its consoles are hidden, as it does for people; the bare one is told to.
 */
import type { Browser, Page } from 'playwright';
import { openBrowser, type TestBrowser } from '../../e2e/harness/browsers';
import { cameraFlags, openPhone, type PhonePage } from '../../e2e/harness/phone-page';
import { startServer } from '../../e2e/harness/signal-server';
import type { Stage } from '../../e2e/harness/stage';
import { until } from '../../e2e/harness/until';
import { BareRoom } from '../bare/bare-room';
import { bitrateOf } from '../bare/same-bitrate';
import { readSentTotal } from './sent-total';

const DESK = { width: 1440, height: 900 };

/** Of the test video. */
const PICTURE = { width: 640, height: 360 };

/** One phone and those who watch it. */
export interface PhoneRoom {
  /** The phone's page, alone in its browser. */
  readonly page: Page;
  readonly browser: Browser;
  /** Opens one more viewer and waits for the phone to send to all of them. */
  addViewer(): Promise<void>;
  /** Sends pictures to everybody, or to nobody. */
  setSending(isOn: boolean): Promise<void>;
}

/** Opens the two rooms, live, with nobody watching. */
export async function openRooms(
  stage: Stage,
): Promise<{ readonly sightline: PhoneRoom; readonly bare: PhoneRoom }> {
  const server = await startServer(stage);
  const phone = await openPhone(stage, server, { phone: 0, size: '640x360' });
  const desk = await openBrowser(stage, { name: 'consoles', context: { viewport: DESK } });
  await phone.start();

  const bearer = await openBrowser(stage, {
    name: 'bare phone',
    flags: cameraFlags({ phone: 1, size: '640x360' }),
    context: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  });
  const bareDesk = await openBrowser(stage, { name: 'bare viewers', context: { viewport: DESK } });
  const room = await BareRoom.open(stage, bearer.context, {
    sending: { hasPreview: true, maxBitrateBps: bitrateOf(PICTURE) },
  });
  await room.start();
  return {
    sightline: sightlineRoom(phone, desk, server.url('liveStreams')),
    bare: bareRoom(room, bearer.browser, bareDesk),
  };
}

function sightlineRoom(phone: PhonePage, desk: TestBrowser, consoleUrl: string): PhoneRoom {
  const consoles: Page[] = [];
  return {
    page: phone.page,
    browser: browserOf(phone.page),
    addViewer: async () => {
      const page = await desk.context.newPage();
      await page.goto(consoleUrl);
      consoles.push(page);
      for (const one of consoles) await setShown(one, true);
      await untilSending(phone.page, consoles.length);
    },
    setSending: async (isOn) => {
      await Promise.all(consoles.map((page) => setShown(page, isOn)));
    },
  };
}

function bareRoom(room: BareRoom, browser: Browser, desk: TestBrowser): PhoneRoom {
  let viewers = 0;
  return {
    page: room.phone,
    browser,
    addViewer: async () => {
      await room.setSending(true);
      await room.addViewer(desk.context);
      viewers += 1;
      await untilSending(room.phone, viewers);
      room.requireNoFailure();
    },
    setSending: (isOn) => room.setSending(isOn),
  };
}

/** Headless pages are never hidden: the console is told so. */
async function setShown(page: Page, isShown: boolean): Promise<void> {
  await page.evaluate(
    (state) => {
      Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    },
    isShown ? 'visible' : 'hidden',
  );
}

async function untilSending(page: Page, viewers: number): Promise<void> {
  let before = await readSentTotal(page);
  await until(
    `pictures for ${viewers} viewers`,
    async () => {
      const now = await readSentTotal(page);
      const moved = now.frames - before.frames;
      before = now;
      return { senders: now.senders, moved };
    },
    ({ senders, moved }) => senders === viewers && moved > 0,
    { everyMs: 200 },
  );
}

function browserOf(page: Page): Browser {
  const browser = page.context().browser();
  if (browser === null) throw new Error('The page has no browser of its own.');
  return browser;
}
