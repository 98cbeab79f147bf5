/** An operator at work: the console's menus and dialogs, by mouse and by keyboard. */
import type { Locator, Page } from 'playwright';
import type { ConsolePage } from './console-page';
import { until } from './until';

/** Items of a tile's menu. */
export type MenuItem =
  'rename' | 'mute' | 'inspect' | 'quality' | 'camera' | 'stop' | 'remove' | 'block';

/** Sections of the room's dialog. */
export type RoomSection = 'links' | 'invitations' | 'doors' | 'people' | 'blocked';

const ORDER: readonly MenuItem[] = [
  'rename',
  'mute',
  'inspect',
  'quality',
  'camera',
  'stop',
  'remove',
  'block',
];

/** Drives what only operators have. */
export class OperatorDesk {
  constructor(private readonly console: ConsolePage) {}

  private get page(): Page {
    return this.console.page;
  }

  /** Chooses an item of a tile's menu. */
  async choose(streamId: string, item: MenuItem, by: 'mouse' | 'keyboard'): Promise<void> {
    const tile = this.console.tileLocator(streamId);
    if (by === 'mouse') {
      await tile.hover();
      await tile.getByTestId('tile-menu').click();
      await this.page.locator(`[data-choice="${item}"]`).click();
      return;
    }
    await tile.focus();
    await this.page.keyboard.press('m');
    await this.page.getByRole('menu').waitFor();
    for (let step = 0; step < ORDER.indexOf(item); step += 1) {
      await this.page.keyboard.press('ArrowDown');
    }
    await this.page.keyboard.press('Enter');
  }

  /** Gives the grave answer to what was asked. */
  async confirm(by: 'mouse' | 'keyboard' = 'mouse'): Promise<void> {
    if (by === 'mouse') {
      await this.page.getByTestId('confirm').click();
      return;
    }
    // The harmless answer has the focus.
    await this.page.keyboard.press('Tab');
    await this.page.keyboard.press('Enter');
  }

  /** Renames a stream by its menu. */
  async rename(streamId: string, name: string, by: 'mouse' | 'keyboard'): Promise<void> {
    await this.choose(streamId, 'rename', by);
    const field = this.page.getByRole('dialog').getByRole('textbox');
    await field.fill(name);
    await field.press('Enter');
    await until(
      `the tile to be called ${name}`,
      () => this.console.tile(streamId),
      (tile) => tile?.label === name,
    );
  }

  /** Opens the room's dialog at a section, by its key. */
  async openRoom(section: RoomSection): Promise<Locator> {
    const dialog = this.page.getByRole('dialog', { name: 'Room' });
    if (!(await dialog.isVisible())) await this.page.keyboard.press('r');
    await dialog.locator(`[data-section="${section}"]`).click();
    return dialog;
  }

  /** Closes the dialog that is open. */
  async closeDialog(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.page.locator('dialog').waitFor({ state: 'detached' });
  }

  /** The link of a role, as the room's dialog has it to be copied. */
  async linkOf(role: 'operator' | 'viewer' | 'phone'): Promise<string> {
    const dialog = await this.openRoom('links');
    const text = await dialog.getByTestId(`link-${role}`).getByTestId('link-url').textContent();
    return text?.trim() ?? '';
  }

  /** Makes a role's link worthless, and returns the new one. */
  async renewLink(role: 'operator' | 'viewer' | 'phone', evict: boolean): Promise<string> {
    const before = await this.linkOf(role);
    const card = this.page.getByTestId(`link-${role}`);
    await card.getByRole('button', { name: /^Make new link/u }).click();
    if (evict) await card.getByTestId('evict').check();
    await card.getByTestId('confirm').click();
    return until(
      `a new link for ${role}`,
      () => this.linkOf(role),
      (link) => link !== before,
    );
  }

  /** Makes an invitation for one device, and returns its link. */
  async invite(name: string, role: 'operator' | 'viewer' | 'phone'): Promise<string> {
    const dialog = await this.openRoom('invitations');
    await dialog.getByRole('button', { name: 'New invitation' }).click();
    await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
    await dialog.getByTestId('invitation-role').selectOption(role);
    await dialog.getByTestId('invitation-uses').selectOption('1');
    await dialog.getByRole('button', { name: 'Create invitation' }).click();
    const created = dialog.getByTestId('created-invitation');
    const link = (await created.getByTestId('link-url').textContent())?.trim() ?? '';
    await created.getByRole('button', { name: 'Done' }).click();
    return link;
  }

  /** Turns a door's switch, and waits for the server to have done it. */
  async setDoor(door: 'hasLobby' | 'isLocked', isOn: boolean): Promise<void> {
    const dialog = await this.openRoom('doors');
    await dialog.getByTestId(`door-${door}`).click();
    await dialog.locator(`[data-testid="door-${door}"][aria-checked="${isOn}"]`).waitFor();
    await this.closeDialog();
  }
}
