/** The console, in a browser or in Electron, driven by its test hooks alone. */
import type { Page } from 'playwright';
import { openBrowser, type TestBrowser } from './browsers';
import type { FrameChange, FrameReading } from './page-probe';
import type { SignalServer } from './signal-server';
import type { Stage } from './stage';
import { until, type UntilOptions } from './until';
import { hueDistance, hueOfPhone } from './video-code';

/** Values of a tile's `data-state`. */
export type TileState = 'connecting' | 'live' | 'reconnecting' | 'frozen' | 'ended';

/** What a tile shows besides its picture. */
export interface TileFacts {
  streamId: string;
  state: string;
  label: string;
  viewers: number;
}

/** Figures of a tile; one that the tile does not give is absent. */
export interface TileStats {
  fps?: number;
  width?: number;
  height?: number;
  bitrateBps?: number;
  rttMs?: number;
  loss?: number;
  codec?: string;
}

/** What a watched picture did. */
export interface WatchedPicture {
  /** Every change of the picture by the wall clock, in milliseconds since the epoch. */
  changes: FrameChange[];
  /** Longest time without a change from the start of the watch to its end, in milliseconds. */
  longestGapMs: number;
}

/** A picture being watched. */
export interface PictureWatch {
  /** Changes noted so far. */
  changes(): Promise<FrameChange[]>;
  /** Ends the watch. */
  end(): Promise<WatchedPicture>;
}

/** A hue read back may be this far from the one painted, in degrees; neighbors are 45 apart. */
const HUE_TOLERANCE = 20;

/** Attributes of the statistics that are numbers. */
const STAT_ATTRIBUTES = [
  ['data-fps', 'fps'],
  ['data-width', 'width'],
  ['data-height', 'height'],
  ['data-bitrate-bps', 'bitrateBps'],
  ['data-rtt-ms', 'rttMs'],
  ['data-loss', 'loss'],
] as const;

/** Drives a console page. */
export class ConsolePage {
  constructor(readonly page: Page) {}

  /** Headless pages are never hidden: the page is told so. */
  async setHidden(isHidden: boolean): Promise<void> {
    await this.page.evaluate((hidden) => {
      const state = hidden ? 'hidden' : 'visible';
      Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, isHidden);
  }

  /** The address for phones that the console shows. */
  async joinUrl(): Promise<string> {
    const shown = this.page.getByTestId('join-url').first();
    return until('the console to show a join address', () => shown.textContent(), isHttpUrl).then(
      (text) => (text ?? '').trim(),
    );
  }

  /** What the console says of its server. */
  async serverState(): Promise<string | null> {
    return this.page.getByTestId('server-status').getAttribute('data-state');
  }

  /** Everything the tiles say, in the order of the wall. */
  async tiles(): Promise<TileFacts[]> {
    return this.page.getByTestId('tile').evaluateAll((tiles) =>
      tiles.map((tile) => {
        const textOf = (hook: string) =>
          tile.querySelector(`[data-testid="${hook}"]`)?.textContent.trim() ?? '';
        return {
          streamId: tile.getAttribute('data-stream-id') ?? '',
          state: tile.getAttribute('data-state') ?? '',
          label: textOf('tile-label'),
          viewers: textOf('tile-viewers') === '' ? Number.NaN : Number(textOf('tile-viewers')),
        };
      }),
    );
  }

  /** The tile of a stream. */
  async tile(streamId: string): Promise<TileFacts | undefined> {
    return (await this.tiles()).find((tile) => tile.streamId === streamId);
  }

  /** Waits for a tile to be in one of some states. */
  async untilTileState(
    streamId: string,
    states: TileState[],
    options?: UntilOptions,
  ): Promise<TileFacts> {
    const tile = await until(
      `tile ${streamId} to be ${states.join(' or ')}`,
      () => this.tile(streamId),
      (seen) => states.some((state) => state === seen?.state),
      options,
    );
    if (tile === undefined) throw new Error(`Tile ${streamId} left the wall.`);
    return tile;
  }

  /** Waits until a number of tiles is on the wall. */
  async untilTileCount(count: number, options?: UntilOptions): Promise<TileFacts[]> {
    const what = `${count} tiles on the wall`;
    return until(
      what,
      () => this.tiles(),
      (tiles) => tiles.length === count,
      options,
    );
  }

  /** Waits for a tile with a viewer count. */
  async untilTileViewers(streamId: string, count: number, options?: UntilOptions): Promise<void> {
    const what = `tile ${streamId} to show ${count} viewers`;
    await until(
      what,
      () => this.tile(streamId),
      (tile) => tile?.viewers === count,
      options,
    );
  }

  /** The frame a tile shows now; undefined while it shows none. */
  async readPicture(streamId: string): Promise<FrameReading | undefined> {
    return this.page.evaluate(
      (selector) => window.sightlineProbe.readFrame(selector),
      videoSelector(streamId),
    );
  }

  /**
   * Waits until some live tile shows a phone's own picture, by its code and by its hue.
   *
   * @returns the stream of that tile.
   */
  async untilPictureOf(phone: number, options?: UntilOptions): Promise<string> {
    const found = await until(
      `a tile to show the picture of phone ${phone}`,
      async () => {
        const live = (await this.tiles()).filter((tile) => tile.state === 'live');
        const pictures = await Promise.all(
          live.map(async ({ streamId }) => ({
            streamId,
            picture: await this.readPicture(streamId),
          })),
        );
        return pictures.map(({ streamId, picture }) => ({
          streamId,
          phone: picture?.phone,
          hue: picture?.hue,
        }));
      },
      (pictures) => pictures.some((picture) => isPictureOf(phone, picture)),
      options,
    );
    const streamId = found.find((picture) => isPictureOf(phone, picture))?.streamId;
    if (streamId === undefined) throw new Error(`Phone ${phone} is on no tile.`);
    return streamId;
  }

  /** Figures of a tile. */
  async stats(streamId: string): Promise<TileStats> {
    const shown = this.page.locator(`${tileSelector(streamId)} [data-testid="tile-stats"]`);
    const data = await shown.evaluate((element) =>
      Object.fromEntries(
        element
          .getAttributeNames()
          .filter((name) => name.startsWith('data-'))
          .map((name) => [name, element.getAttribute(name) ?? '']),
      ),
    );
    const stats: TileStats = {};
    for (const [name, key] of STAT_ATTRIBUTES) {
      if (data[name] !== undefined) stats[key] = Number(data[name]);
    }
    if (data['data-codec'] !== undefined) stats.codec = data['data-codec'];
    return stats;
  }

  /** Notes every change of a tile's picture from now on. */
  async watchPicture(streamId: string): Promise<PictureWatch> {
    const startedAt = Date.now();
    const watch = await this.page.evaluate(
      (selector) => window.sightlineProbe.startWatch(selector),
      videoSelector(streamId),
    );
    return {
      changes: () => this.page.evaluate((id) => window.sightlineProbe.watched(id), watch),
      end: async () => {
        const changes = await this.page.evaluate(
          (id) => window.sightlineProbe.stopWatch(id),
          watch,
        );
        const times = [startedAt, ...changes.map(({ at }) => at), Date.now()];
        const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at));
        return { changes, longestGapMs: Math.max(...gaps) };
      },
    };
  }

  /**
   * Notes every state a tile passes through from now on, also the short ones.
   *
   * @returns the way to end it and learn the states in order.
   */
  async watchStates(streamId: string): Promise<() => Promise<string[]>> {
    const watch = await this.page.evaluateHandle((selector) => {
      const states: string[] = [];
      const note = () => {
        const state = document.querySelector(selector)?.getAttribute('data-state') ?? 'absent';
        if (states.at(-1) !== state) states.push(state);
      };
      note();
      const observer = new MutationObserver(note);
      observer.observe(document, { childList: true, subtree: true, attributes: true });
      return { states, observer };
    }, tileSelector(streamId));
    return async () =>
      watch.evaluate(({ states, observer }) => {
        observer.disconnect();
        return states;
      });
  }

  /** Sound that was played so far, over all tiles: grows only while sound arrives and is heard. */
  async playedSound(): Promise<number> {
    return this.page.evaluate(async () => {
      const reports = await Promise.all(
        window.sightlineProbe.connections.map((connection) => connection.getStats()),
      );
      return reports
        .flatMap((report) => [...report.values()] as Record<string, unknown>[])
        .filter((stat) => stat['type'] === 'inbound-rtp' && stat['kind'] === 'audio')
        .reduce((sum, stat) => sum + Number(stat['totalAudioEnergy'] ?? 0), 0);
    });
  }

  /** The tile itself, for clicks and keys. */
  tileLocator(streamId: string) {
    return this.page.locator(tileSelector(streamId));
  }
}

/** A console in a browser of its own; it has no camera permission, like any viewer. */
export async function openConsole(
  stage: Stage,
  server: SignalServer,
  settings: {
    name?: string;
    executable?: string;
    flags?: string[];
    /** Its link; the operators' one of the server unless told. */
    url?: string;
  } = {},
): Promise<ConsolePage & { browser: TestBrowser }> {
  const browser = await openBrowser(stage, {
    name: settings.name ?? 'console',
    context: { viewport: { width: 1440, height: 900 } },
    ...(settings.executable === undefined ? {} : { executable: settings.executable }),
    ...(settings.flags === undefined ? {} : { flags: settings.flags }),
  });
  const page = await browser.context.newPage();
  await page.goto(settings.url ?? server.url('liveStreams'));
  return Object.assign(new ConsolePage(page), { browser });
}

/** Finds a stream's tile. */
export function tileSelector(streamId: string): string {
  return `[data-testid="tile"][data-stream-id="${streamId}"]`;
}

function videoSelector(streamId: string): string {
  return `${tileSelector(streamId)} video`;
}

function isPictureOf(
  phone: number,
  picture: { phone: number | null | undefined; hue: number | undefined },
): boolean {
  if (picture.phone !== phone || picture.hue === undefined) return false;
  return hueDistance(picture.hue, hueOfPhone(phone)) <= HUE_TOLERANCE;
}

function isHttpUrl(text: string | null): boolean {
  return /^https?:\/\/\S+$/u.test((text ?? '').trim());
}
