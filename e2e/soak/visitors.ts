/** Phones and consoles that come and go at random. */
import type { Page } from 'playwright';
import { openBrowser, type TestBrowser } from '../harness/browsers';
import { CodedPhones, leave } from '../harness/coded-phones';
import type { PhonePage } from '../harness/phone-page';
import type { SignalServer } from '../harness/signal-server';
import type { Stage } from '../harness/stage';
import { until } from '../harness/until';

/** Phones and consoles that may be there at once: as many as two cores carry with ease. */
const MOST_PHONES = 4;
const MOST_CONSOLES = 2;

/** What a visitor may do next, and how often compared to the others. */
const DEEDS = {
  'phone comes': 4,
  'phone stops and leaves': 2,
  'phone vanishes': 1,
  'phone reloads': 2,
  'console opens': 3,
  'console closes': 2,
  'console reloads': 2,
} as const;

type Deed = keyof typeof DEEDS;

/** See the head of this file. */
export class Visitors {
  /** How often each deed was done. */
  readonly done = new Map<Deed, number>();
  private readonly phones: PhonePage[] = [];
  private readonly consoles: Page[] = [];
  private lastPhone = 0;

  private constructor(
    private readonly server: SignalServer,
    private readonly random: () => number,
    private readonly coded: CodedPhones,
    private readonly desks: TestBrowser,
  ) {}

  /** Starts their browsers; nobody is there yet. */
  static async open(stage: Stage, server: SignalServer, random: () => number): Promise<Visitors> {
    const desks = await openBrowser(stage, {
      name: 'visiting consoles',
      context: { viewport: { width: 1280, height: 720 } },
    });
    return new Visitors(server, random, await CodedPhones.open(stage, server), desks);
  }

  /** What their pages printed as errors, or did not catch. */
  errors(): string[] {
    return [...this.coded.errors(), ...this.desks.recorder.errors()];
  }

  /** One of them does something, as the dice want it. */
  async act(): Promise<void> {
    const deed = this.nextDeed();
    this.done.set(deed, (this.done.get(deed) ?? 0) + 1);
    switch (deed) {
      case 'phone comes':
        await this.addPhone();
        break;
      case 'phone stops and leaves': {
        const phone = this.takeOne(this.phones);
        await phone.tap('stop');
        await phone.untilState('idle');
        await leave(phone);
        break;
      }
      case 'phone vanishes':
        await leave(this.takeOne(this.phones));
        break;
      case 'phone reloads': {
        const phone = this.oneOf(this.phones);
        await phone.page.reload();
        await phone.untilState('live');
        break;
      }
      case 'console opens':
        await this.addConsole();
        break;
      case 'console closes':
        await this.takeOne(this.consoles).close();
        break;
      case 'console reloads': {
        const page = this.oneOf(this.consoles);
        await page.reload();
        await untilLive(page);
        break;
      }
    }
  }

  /** All of them leave. */
  async leave(): Promise<void> {
    for (const phone of this.phones.splice(0)) await leave(phone);
    for (const page of this.consoles.splice(0)) await page.close();
  }

  private async addPhone(): Promise<void> {
    // 0 is the resident's; 15 more numbers fit into the picture.
    this.lastPhone = (this.lastPhone % 15) + 1;
    const page = this.random() < 0.5 ? 'stream' : 'mobileStream';
    const phone = await this.coded.add(this.lastPhone, page);
    this.phones.push(phone);
    await phone.start();
  }

  private async addConsole(): Promise<void> {
    const page = await this.desks.context.newPage();
    this.consoles.push(page);
    await page.goto(this.server.url('liveStreams'));
    await untilLive(page);
  }

  private nextDeed(): Deed {
    const possible = (Object.keys(DEEDS) as Deed[]).filter((deed) => this.isPossible(deed));
    const total = possible.reduce((sum, deed) => sum + DEEDS[deed], 0);
    let left = this.random() * total;
    for (const deed of possible) {
      left -= DEEDS[deed];
      if (left < 0) return deed;
    }
    return 'phone comes';
  }

  private isPossible(deed: Deed): boolean {
    if (deed === 'phone comes') return this.phones.length < MOST_PHONES;
    if (deed === 'console opens') return this.consoles.length < MOST_CONSOLES;
    return (deed.startsWith('phone') ? this.phones : this.consoles).length > 0;
  }

  private oneOf<T>(list: readonly T[]): T {
    const found = list[Math.floor(this.random() * list.length)];
    if (found === undefined) throw new Error('There is nobody to choose from.');
    return found;
  }

  private takeOne<T>(list: T[]): T {
    const found = this.oneOf(list);
    list.splice(list.indexOf(found), 1);
    return found;
  }
}

async function untilLive(page: Page): Promise<void> {
  await until(
    'a console to be connected',
    () => page.getByTestId('server-status').getAttribute('data-state'),
    (state) => state === 'live',
    { timeoutMs: 30_000 },
  );
}
