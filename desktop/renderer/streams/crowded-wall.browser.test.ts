/** Walls of 1, 9 and 25 tiles, some in trouble: what a person has to read is all there, uncut. */
import { afterEach, describe, expect, it } from 'vitest';
import { page } from 'vitest/browser';
import '../design/base.css';
import '../design/tokens.css';
import { useInspectorStore } from '../inspector/inspector-store';
import { axeViolations } from '../testing/axe-violations';
import { streamIdOf } from '../testing/fake-streams';
import { mountScene, type WallScene } from '../testing/wall-scene';

/** Of a name, this much has to be readable, in CSS pixels: eight letters. */
const NAME_PX = 56;

let scene: WallScene | undefined;

afterEach(() => scene?.close());

function tiles(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('[data-testid="tile"]')];
}

function isSeen(element: Element): boolean {
  const { width, height } = element.getBoundingClientRect();
  return width > 1 && height > 1 && getComputedStyle(element).visibility === 'visible';
}

/** What is wrong with the words of the tiles, one line each. */
function cutWords(): string[] {
  return tiles().flatMap((tile) => {
    const box = tile.getBoundingClientRect();
    const name = tile.querySelector('.label');
    const label = name?.textContent ?? '';
    const problems: string[] = [];
    for (const part of tile.querySelectorAll('.state, .health, .figure, .latency, .viewers')) {
      const { left, right, top, bottom } = part.getBoundingClientRect();
      if (!isSeen(part)) continue;
      if (left < box.left || right > box.right || top < box.top || bottom > box.bottom) {
        problems.push(`${label} (${Math.round(box.width)} wide): ${part.className} reaches out`);
      }
    }
    const { clientWidth = 0, scrollWidth = 0 } = name ?? {};
    if (clientWidth < Math.min(scrollWidth, NAME_PX)) {
      problems.push(`${label} (${Math.round(box.width)} wide): ${clientWidth} px of its name`);
    }
    return problems;
  });
}

/** Figures and health are on every tile: words that are not there cannot be cut. */
function areFilled(): boolean {
  return tiles().every(
    (tile) => tile.querySelector('.figure') !== null && tile.querySelector('.health') !== null,
  );
}

const WINDOWS = [
  [1440, 900],
  [1920, 1080],
] as const;

describe.each(WINDOWS)('in a window of %i × %i', (width, height) => {
  it.each([1, 9, 25])('%i tiles show their names, states and figures', async (count) => {
    await page.viewport(width, height);
    scene = await mountScene({ count, hasTrouble: true });
    await expect.poll(areFilled).toBe(true);
    await expect.poll(cutWords).toEqual([]);
    expect(tiles()).toHaveLength(count);
  });

  it('nine tiles do so beside the inspector that compares four', async () => {
    await page.viewport(width, height);
    scene = await mountScene({ count: 9, hasTrouble: true });
    const inspector = useInspectorStore();
    for (const index of [0, 2, 3, 4]) inspector.compare(streamIdOf(index));
    await expect.poll(() => document.querySelectorAll('.u-wrap canvas').length).toBe(7);
    scene.feed();
    await expect.poll(areFilled).toBe(true);
    await expect.poll(cutWords).toEqual([]);
    const names = [...document.querySelectorAll('[data-testid="inspector-figures"] .name')];
    const cut = names.filter(({ clientWidth, scrollWidth }) => scrollWidth > clientWidth);
    expect(cut.map(({ textContent }) => textContent)).toEqual([]);
  });
});

it('a wall of 25 tiles in trouble breaks no rule of axe', async () => {
  await page.viewport(1440, 900);
  scene = await mountScene({ count: 25, hasTrouble: true });
  await expect.poll(areFilled).toBe(true);
  expect(await axeViolations()).toEqual([]);
});
