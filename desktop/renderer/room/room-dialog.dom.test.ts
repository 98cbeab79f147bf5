import { flushPromises } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nextTick } from 'vue';
import App from '../App.vue';
import { people, roomFacts, waitingPhone, watcher } from '../testing/fake-room';
import { FakeSubscriber, streamIdOf, streamInfo } from '../testing/fake-streams';
import { goLive, mountConsole, type MountedConsole } from '../testing/mount-console';
import type { RoomSection } from './room-sections';

let mounted: MountedConsole;

function mountRoom(change: Parameters<typeof roomFacts>[0] = {}): void {
  mounted = mountConsole(App, {
    prepare({ server, room, source }) {
      goLive(server, ['https://192.168.1.42:8443/stream#key=phone-key-phone-key-ph']);
      room.facts = roomFacts(change);
      source.put(streamInfo(1), new FakeSubscriber());
    },
  });
}

afterEach(() => mounted.close());

const find = (selector: string) => mounted.wrapper.find(selector);
const button = (name: string) =>
  mounted.wrapper
    .findAll('dialog button')
    .find((one) => one.text() === name || one.attributes('aria-label') === name)!;

async function press(key: string): Promise<void> {
  document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
  await nextTick();
}

async function openRoom(section: RoomSection): Promise<void> {
  await press('r');
  await find(`[data-section="${section}"]`).trigger('click');
}

describe('the room of an operator', () => {
  it('has a link for each role, and changes one as asked', async () => {
    mountRoom();
    await openRoom('links');
    expect(find('[data-testid="link-viewer"] [data-testid="link-url"]').text()).toBe(
      'https://192.168.1.42:8443/live-streams#key=viewer-key-viewer-key-',
    );
    expect(find('[data-testid="link-phone"] [data-testid="link-url"]').text()).toContain('/stream');
    mounted.command.mockResolvedValueOnce({ ok: false, message: 'The disk is full.' });
    await button('Make new link… for phones').trigger('click');
    await find('[data-testid="evict"]').setValue(true);
    await find('dialog form').trigger('submit');
    await flushPromises();
    expect(mounted.command).toHaveBeenLastCalledWith({
      kind: 'rotate-key',
      role: 'phone',
      evict: true,
    });
    expect(find('dialog [role="alert"]').text()).toBe('The disk is full.');
    await find('dialog form').trigger('submit');
    await flushPromises();
    expect(find('[data-testid="evict"]').exists()).toBe(false);
    expect(find('dialog').text()).toContain('This is the new link.');
  });

  it('invites, and shows the new link once', async () => {
    mountRoom();
    await openRoom('invitations');
    expect(find('dialog').text()).toContain('There are no invitations.');
    await button('New invitation').trigger('click');
    await find('dialog form').trigger('submit');
    expect(mounted.command).not.toHaveBeenCalled();
    await find('dialog form input').setValue(' Team B ');
    await find('[data-testid="invitation-role"]').setValue('viewer');
    await find('[data-testid="invitation-uses"]').setValue('0');
    mounted.command.mockResolvedValueOnce({ ok: true, key: 'invited-key-invited-key' });
    await find('dialog form').trigger('submit');
    await flushPromises();
    expect(mounted.command).toHaveBeenCalledExactlyOnceWith({
      kind: 'invite',
      name: 'Team B',
      role: 'viewer',
      validForMs: 43_200_000,
    });
    expect(find('[data-testid="created-invitation"]').text()).toContain(
      '/live-streams#key=invited-key-invited-key',
    );
    await button('Done').trigger('click');
    expect(find('dialog').text()).not.toContain('invited-key');
  });

  it('shows its doors as the server says, not as it was asked', async () => {
    mountRoom({ hasLobby: true });
    await openRoom('doors');
    const lock = find('[data-testid="door-isLocked"]');
    expect(find('[data-testid="door-hasLobby"]').attributes('aria-checked')).toBe('true');
    await lock.trigger('click');
    await flushPromises();
    expect(mounted.command).toHaveBeenCalledWith({ kind: 'set-room', isLocked: true });
    expect(lock.attributes('aria-checked')).toBe('false');
    mounted.room.facts = roomFacts({ hasLobby: true, isLocked: true });
    await nextTick();
    expect(lock.attributes('aria-checked')).toBe('true');
  });

  it('lists who watches, and sends anybody away but this console', async () => {
    mountRoom();
    mounted.room.setPeople(
      people([], [watcher(900, { role: 'operator' }), watcher(5, { invitation: 'Client' })]),
    );
    await openRoom('people');
    const [own, other] = mounted.wrapper.findAll('[data-testid="watcher"]');
    expect(own!.text()).toContain('This console');
    expect(own!.find('button').exists()).toBe(false);
    expect(other!.text()).toContain('Edge on Windows');
    expect(other!.text()).toContain('by “Client”');
    await other!.find('button').trigger('click');
    await find('[data-testid="confirm"]').trigger('click');
    expect(mounted.command).toHaveBeenCalledWith({
      kind: 'remove',
      target: { clientId: streamIdOf(5) },
    });
  });

  it('lets blocked devices in again, and says when there are none', async () => {
    mountRoom({ blocked: [{ deviceId: streamIdOf(8), label: 'Galaxy', blockedAt: 0 }] });
    await openRoom('blocked');
    await button('Unblock Galaxy').trigger('click');
    expect(mounted.command).toHaveBeenCalledWith({ kind: 'unblock', deviceId: streamIdOf(8) });
    mounted.room.facts = roomFacts();
    await nextTick();
    expect(find('dialog').text()).toContain('No device is blocked.');
  });

  it('makes no links where the room is open to all', async () => {
    mountRoom({ access: 'open' });
    await openRoom('links');
    expect(find('dialog').text()).toContain('This room is open');
    expect(find('[data-testid="link-phone"]').exists()).toBe(false);
  });
});

describe('a viewer', () => {
  it('has no menu, no room, no lobby and no address, and loses them when it becomes one', async () => {
    mountRoom();
    mounted.room.setPeople(people([waitingPhone(5)]));
    await openRoom('links');
    expect(find('[data-testid="lobby"]').exists()).toBe(true);
    mounted.server.role = 'viewer';
    await nextTick();
    expect(find('dialog').exists()).toBe(false);
    await press('r');
    await press('j');
    await press('a');
    for (const hook of ['lobby', 'lobby-badge', 'join-url']) {
      expect(find(`[data-testid="${hook}"]`).exists()).toBe(false);
    }
    expect(find('dialog').exists()).toBe(false);
    mounted.source.remove(streamInfo(1), 'left');
    mounted.registry.close();
    await nextTick();
    expect(mounted.wrapper.text()).toContain('Waiting for streams');
  });
});

describe('the lobby', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('announces each newcomer once, comes back for a new one, and forgets pictures', async () => {
    mountRoom();
    const announced = () => find('[aria-live="polite"]').text();
    mounted.room.setPeople(people([waitingPhone(5)]));
    mounted.room.setPicture(streamIdOf(5), '/9j/AAAA');
    await vi.advanceTimersByTimeAsync(1_500);
    expect(announced()).toBe('Guest 5 waits in the lobby. Press A to look.');
    await find('[aria-label="Hide the lobby"]').trigger('click');
    expect(find('[data-testid="lobby"]').exists()).toBe(false);
    mounted.room.setPeople(people([waitingPhone(5)]));
    await nextTick();
    expect(find('[data-testid="lobby"]').exists()).toBe(false);
    mounted.room.setPeople(people([waitingPhone(5), waitingPhone(6)]));
    await vi.advanceTimersByTimeAsync(1_500);
    expect(announced()).toBe('Guest 6 waits in the lobby. Press A to look.');
    expect(find('[data-testid="lobby"] img').attributes('src')).toContain('base64,/9j/AAAA');
    mounted.room.setPeople(people([waitingPhone(6)]));
    expect(mounted.room.pictures.size).toBe(0);
  });

  it('says at the card why an answer was refused', async () => {
    mountRoom();
    mounted.room.setPeople(people([waitingPhone(5)]));
    await nextTick();
    mounted.command.mockResolvedValueOnce({ ok: false, message: 'This phone has left.' });
    await find('[data-testid="lobby-admit"]').trigger('click');
    await vi.advanceTimersByTimeAsync(1);
    expect(find('[data-testid="waiting-phone"] [role="alert"]').text()).toBe(
      'This phone has left.',
    );
  });
});
