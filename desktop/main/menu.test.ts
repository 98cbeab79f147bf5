import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it, vi } from 'vitest';
import { menuTemplate } from './menu';

function items(facts: { isMac: boolean; isPackaged: boolean }, onAbout = vi.fn()) {
  const flat = (list: MenuItemConstructorOptions[]): MenuItemConstructorOptions[] =>
    list.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flat(item.submenu) : [])]);
  return flat(menuTemplate({ ...facts, onAbout }));
}

const rolesOf = (list: MenuItemConstructorOptions[]): unknown[] => list.map((item) => item.role);

describe('menuTemplate', () => {
  it('offers full screen and quitting on every system', () => {
    for (const isMac of [true, false]) {
      const roles = rolesOf(items({ isMac, isPackaged: true }));
      expect(roles).toEqual(expect.arrayContaining(['togglefullscreen', 'quit', 'editMenu']));
    }
  });

  it('follows the Mac: an application menu, and File closes the window', () => {
    const roles = rolesOf(items({ isMac: true, isPackaged: true }));
    expect(roles).toEqual(expect.arrayContaining(['appMenu', 'hide', 'services', 'close']));
  });

  it('tells about the program exactly once', () => {
    for (const isMac of [true, false]) {
      const onAbout = vi.fn();
      const about = items({ isMac, isPackaged: true }, onAbout).filter((item) =>
        item.label?.startsWith('About'),
      );
      expect(about).toHaveLength(1);
      expect(about[0]!.click).toBe(onAbout);
    }
  });

  it('offers developer tools only to who runs it from its sources', () => {
    expect(rolesOf(items({ isMac: false, isPackaged: false }))).toContain('toggleDevTools');
    expect(rolesOf(items({ isMac: false, isPackaged: true }))).not.toContain('toggleDevTools');
  });
});
