/** Phones that film for next to nothing, all in one page; see `programs/crowd.ts`. */
import path from 'node:path';
import type { Browser, Page } from 'playwright';
import { build } from 'vite';
import { projectRoot } from '../../scripts/build/paths';
import { FILM, type FilmServer } from './film';
import { installFilmCamera, type FilmCameraSettings } from './film-camera';
import type {} from './programs/crowd';

const outDir = path.join(projectRoot, 'node_modules', '.cache', 'sightline', 'bench', 'crowd');

/** What every page that films is told. */
export function cameraSettings({ filmUrl }: FilmServer): FilmCameraSettings {
  return { filmUrl, framesPerSecond: FILM.framesPerSecond };
}

/** See the head of this file. */
export class FilmPhones {
  #count = 0;

  private constructor(private readonly page: Page) {}

  /** Opens a page of phones that come in by a link, without any at first. */
  static async open(browser: Browser, film: FilmServer, phoneUrl: string): Promise<FilmPhones> {
    const script = await buildCrowd();
    const context = await browser.newContext({ bypassCSP: true });
    await context.addInitScript('globalThis.__name ??= (named) => named;');
    await context.addInitScript(installFilmCamera, cameraSettings(film));
    const page = await context.newPage();
    // Of the server's origin, since others may not connect, and with nothing of its own.
    const url = new URL('/healthz', phoneUrl);
    url.hash = new URL(phoneUrl).hash;
    await page.goto(url.href);
    await page.addScriptTag({ path: script });
    return new FilmPhones(page);
  }

  /** Adds phones until there are as many; all are on the air. */
  async grow(count: number): Promise<void> {
    const [first, missing] = [this.#count, count - this.#count];
    this.#count = count;
    await this.page.evaluate((more) => window.benchCrowd.add(more.first, more.missing), {
      first,
      missing,
    });
  }

  /** Sends pictures to whoever watches, or none. */
  async roll(isRolling: boolean): Promise<void> {
    await this.page.evaluate((wanted) => window.benchCamera.roll(wanted), isRolling);
  }
}

async function buildCrowd(): Promise<string> {
  await build({
    configFile: false,
    logLevel: 'warn',
    root: projectRoot,
    publicDir: false,
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2022',
      lib: {
        entry: path.join(projectRoot, 'bench', 'wall', 'programs', 'crowd.ts'),
        formats: ['iife'],
        name: 'crowd',
        fileName: () => 'crowd.js',
      },
      rolldownOptions: { output: { codeSplitting: false } },
    },
  });
  return path.join(outDir, 'crowd.js');
}
