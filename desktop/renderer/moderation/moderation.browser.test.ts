/** The operator's ways in a real browser: what needs layout, focus, the top layer or real keys. */
import { afterEach, describe, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import App from '../App.vue';
import '../design/base.css';
import '../design/tokens.css';
import { axeViolations } from '../testing/axe-violations';
import { people, ONE_PIXEL, roomFacts, waitingPhone, watcher } from '../testing/fake-room';
import { FakeSubscriber, streamIdOf, streamInfo } from '../testing/fake-streams';
import { goLive, mountConsole, type MountedConsole } from '../testing/mount-console';

let mounted: MountedConsole | undefined;

afterEach(() => mounted?.close());

async function mountRoom(width = 1280, height = 800): Promise<MountedConsole> {
  await page.viewport(width, height);
  const console = mountConsole(App, {
    prepare({ server, source, room }) {
      goLive(server, ['https://192.168.1.42:8443/stream#key=phone-key-phone-key-ph']);
      room.facts = roomFacts({
        invitations: [
          { invitationId: streamIdOf(70), name: 'Team B', role: 'phone', uses: 1, maxUses: 5 },
        ],
        blocked: [{ deviceId: streamIdOf(80), label: 'Galaxy', blockedAt: Date.now() }],
      });
      for (const index of [1, 2]) source.put(streamInfo(index), new FakeSubscriber());
    },
  });
  document.querySelector('.console')!.parentElement!.id = 'app';
  mounted = console;
  await expect.poll(() => tile(1).getBoundingClientRect().width).toBeGreaterThan(0);
  return console;
}

function tile(index: number): HTMLElement {
  return document.querySelector<HTMLElement>(`[data-stream-id="${streamIdOf(index)}"]`)!;
}

function menuItems(): (string | undefined)[] {
  return [...document.querySelectorAll<HTMLElement>('[role="menuitem"]')].map(
    ({ dataset }) => dataset['choice'],
  );
}

function focused(): string | undefined {
  return document.activeElement instanceof HTMLElement
    ? document.activeElement.dataset['choice']
    : undefined;
}

const ALL_ITEMS = ['rename', 'mute', 'inspect', 'quality', 'camera', 'stop', 'remove', 'block'];

describe('the menu of a tile', () => {
  it('is walked by arrows, letters, Home and End, and Escape gives the focus back', async () => {
    await mountRoom();
    tile(2).focus();
    await userEvent.keyboard('m');
    await expect.poll(menuItems).toEqual(ALL_ITEMS);
    const walk = async (keys: string): Promise<string | undefined> => {
      await userEvent.keyboard(keys);
      return focused();
    };
    expect(focused()).toBe('rename');
    expect(await walk('{ArrowUp}')).toBe('block');
    expect(await walk('{ArrowDown}')).toBe('rename');
    expect(await walk('r')).toBe('remove');
    expect(await walk('r')).toBe('rename');
    expect(await walk('{End}')).toBe('block');
    expect(await walk('{Home}{ArrowDown}')).toBe('mute');
    await userEvent.keyboard('{Escape}');
    await expect.poll(menuItems).toEqual([]);
    expect(document.activeElement).toBe(tile(2));
  });

  it('opens by its button, and closes by it again', async () => {
    await mountRoom();
    tile(1).focus();
    const button = tile(1).querySelector<HTMLElement>('[data-testid="tile-menu"]')!;
    await userEvent.click(button);
    await expect.poll(menuItems).toEqual(ALL_ITEMS);
    await userEvent.click(button);
    await expect.poll(menuItems).toEqual([]);
    expect(button.getAttribute('aria-expanded')).toBe('false');
  });

  it('opens by right click where the pointer is, inside the window', async () => {
    await mountRoom();
    const { right, bottom } = tile(2).getBoundingClientRect();
    tile(2).dispatchEvent(
      new MouseEvent('contextmenu', {
        clientX: right - 2,
        clientY: bottom - 2,
        bubbles: true,
        cancelable: true,
      }),
    );
    await expect.poll(() => document.querySelector('.panel[popover]')).toBeTruthy();
    const panel = (): DOMRect => document.querySelector('.panel[popover]')!.getBoundingClientRect();
    await expect.poll(() => panel().left).toBeGreaterThan(100);
    expect(panel().right).toBeLessThanOrEqual(innerWidth);
    expect(panel().bottom).toBeLessThanOrEqual(innerHeight);
    await userEvent.click(document.querySelector('.product')!);
    await expect.poll(menuItems).toEqual([]);
  });

  it('asks before it stops, with the harmless answer first, and Escape leads back', async () => {
    const { command } = await mountRoom();
    tile(1).focus();
    await userEvent.keyboard('m{ArrowUp}{ArrowUp}{ArrowUp}{Enter}');
    await expect.element(page.getByRole('alertdialog', { name: 'Stop Camera 1?' })).toBeVisible();
    expect(document.activeElement?.textContent.trim()).toBe('Cancel');
    expect(await axeViolations()).toEqual([]);
    await userEvent.keyboard('{Escape}');
    await expect.poll(menuItems).toHaveLength(ALL_ITEMS.length);
    expect(command).not.toHaveBeenCalled();
    await userEvent.keyboard('s{Enter}');
    await expect.element(page.getByRole('alertdialog')).toBeVisible();
    await userEvent.keyboard('{Tab}{Enter}');
    await expect
      .poll(() => command.mock.calls)
      .toEqual([[{ kind: 'stop', streamId: streamIdOf(1) }]]);
    await expect.poll(() => document.querySelector('[role="alertdialog"]')).toBeNull();
    expect(document.activeElement).toBe(tile(1));
  });

  it('renames, and says at the tile why it could not', async () => {
    const { command } = await mountRoom();
    command.mockResolvedValueOnce({ ok: false, message: 'This stream is gone.' });
    tile(1).focus();
    await userEvent.keyboard('m{Enter}');
    await expect.poll(() => document.activeElement?.tagName).toBe('INPUT');
    await userEvent.keyboard('Stage right{Enter}');
    await expect.element(page.getByRole('alert')).toHaveTextContent('This stream is gone.');
    await userEvent.keyboard('{Enter}');
    await expect.poll(() => document.querySelector('[role="dialog"]')).toBeNull();
    expect(command).toHaveBeenLastCalledWith({
      kind: 'rename',
      streamId: streamIdOf(1),
      label: 'Stage right',
    });
  });

  it('shows over a tile at full screen', async () => {
    await mountRoom();
    tile(1).focus();
    await userEvent.keyboard('f');
    await expect.poll(() => document.fullscreenElement).toBe(tile(1));
    await userEvent.keyboard('m');
    await expect.poll(menuItems).toHaveLength(ALL_ITEMS.length);
    const item = document.querySelector('[role="menuitem"]')!;
    await expect
      .poll(() => {
        const { left, top } = item.getBoundingClientRect();
        return item.contains(document.elementFromPoint(left + 10, top + 10));
      })
      .toBe(true);
    expect(focused()).toBe('rename');
    await userEvent.keyboard('{Escape}');
    await expect.poll(menuItems).toEqual([]);
    expect(document.fullscreenElement).toBe(tile(1));
    await userEvent.keyboard('f');
    await expect.poll(() => document.fullscreenElement).toBeNull();
  });

  it('leaves with its stream', async () => {
    const { source } = await mountRoom();
    tile(1).focus();
    await userEvent.keyboard('m');
    await expect.poll(menuItems).toHaveLength(ALL_ITEMS.length);
    source.remove(streamInfo(1), 'left');
    await expect.poll(menuItems).toEqual([]);
  });
});

describe('the lobby', () => {
  it('makes the wall give way, covers no picture, and is worked off by keys', async () => {
    const { room, command } = await mountRoom();
    room.setPeople(people([waitingPhone(5), waitingPhone(6)]));
    room.setPicture(streamIdOf(5), ONE_PIXEL);
    await expect.poll(() => document.querySelector('[data-testid="lobby"]')).toBeTruthy();
    const lobby = document.querySelector('[data-testid="lobby"]')!.getBoundingClientRect();
    await expect
      .poll(() => [1, 2].map((i) => tile(i).getBoundingClientRect().right <= lobby.left))
      .toEqual([true, true]);
    expect(await axeViolations()).toEqual([]);
    tile(1).focus();
    await userEvent.keyboard('a');
    const label = (): string | null | undefined =>
      document.activeElement?.getAttribute('aria-label');
    await expect.poll(label).toBe('Admit Guest 5');
    await userEvent.keyboard('{ArrowDown}');
    expect(label()).toBe('Admit Guest 6');
    await userEvent.keyboard('{ArrowUp}{Enter}');
    expect(command).toHaveBeenLastCalledWith({ kind: 'admit', clientId: streamIdOf(5) });
    room.setPeople(people([waitingPhone(6)]));
    await expect.poll(label).toBe('Admit Guest 6');
    await userEvent.keyboard('{Tab}{Enter}');
    expect(command).toHaveBeenLastCalledWith({ kind: 'refuse', clientId: streamIdOf(6) });
    room.setPeople(people([]));
    await expect.poll(() => document.activeElement).toBe(tile(1));
    expect(document.querySelector('[data-testid="lobby-badge"]')).toBeNull();
  });
});

describe('the room', () => {
  it('is accessible in every section', async () => {
    const { room } = await mountRoom();
    room.setPeople(people([waitingPhone(5)], [watcher(900, { role: 'operator' }), watcher(7)]));
    room.isLobbyFolded = true;
    await userEvent.keyboard('r');
    await expect.element(page.getByRole('dialog', { name: 'Room' })).toBeVisible();
    const seen: (string | undefined)[] = [];
    for (let index = 0; index < 5; index += 1) {
      seen.push((document.activeElement as HTMLElement).dataset['section']);
      expect(await axeViolations()).toEqual([]);
      await userEvent.keyboard('{ArrowDown}');
    }
    expect(seen).toEqual(['links', 'invitations', 'doors', 'people', 'blocked']);
    await userEvent.keyboard('{Escape}');
    await expect.poll(() => document.querySelector('dialog')).toBeNull();
  });

  it('lets Escape leave what was asked, before the dialog itself', async () => {
    await mountRoom();
    await userEvent.keyboard('r');
    await userEvent.click(page.getByRole('button', { name: 'Make new link… for viewers' }));
    await expect.poll(() => document.querySelector('[data-testid="evict"]')).toBeTruthy();
    await userEvent.keyboard('{Escape}');
    await expect.poll(() => document.querySelector('[data-testid="evict"]')).toBeNull();
    expect(document.querySelector('dialog')).toBeTruthy();
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Make new link… for viewers');
  });
});

it.each([
  [640, true],
  [1024, true],
  [640, false],
])('keeps the top bar inside a window %i pixels wide', async (width, isBusy) => {
  const { room } = await mountRoom(width, 800);
  if (isBusy) {
    room.facts = roomFacts({ isLocked: true });
    room.setPeople(people([waitingPhone(5), waitingPhone(6)]));
  }
  const bar = (): HTMLElement => document.querySelector<HTMLElement>('.bar')!;
  await expect.poll(() => bar().querySelectorAll('button').length).toBeGreaterThan(isBusy ? 5 : 3);
  expect(bar().scrollWidth).toBeLessThanOrEqual(width);
  for (const button of bar().querySelectorAll('button')) {
    expect(button.getBoundingClientRect().right).toBeLessThanOrEqual(width);
    expect(button.scrollWidth).toBeLessThanOrEqual(button.clientWidth + 1);
  }
});

describe('asking for a key', () => {
  it('is accessible, refused or not, and begins in its field', async () => {
    const { server, source } = await mountRoom();
    for (const index of [1, 2]) source.remove(streamInfo(index), 'left');
    const ask = (code: number, sentence: string): void =>
      server.setSignaling('failed', { failure: { code, sentence }, setback: undefined });
    await expect
      .poll(() => document.querySelector('[data-testid="tile"]'), { timeout: 8_000 })
      .toBeNull();
    ask(4010, 'This room needs a link with a key.');
    await expect.poll(() => document.activeElement?.getAttribute('data-testid')).toBe('key-field');
    expect(await axeViolations()).toEqual([]);
    ask(4011, 'This is a link for phones.');
    await expect.element(page.getByRole('alert')).toHaveTextContent('This is a link for phones.');
    expect(await axeViolations()).toEqual([]);
  });
});
