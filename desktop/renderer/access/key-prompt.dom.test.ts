import { flushPromises } from '@vue/test-utils';
import { afterEach, describe, expect, it } from 'vitest';
import { nextTick } from 'vue';
import App from '../App.vue';
import { goLive, mountConsole, type MountedConsole } from '../testing/mount-console';

let mounted: MountedConsole | undefined;

afterEach(() => mounted?.close());

function mountAsking(code: number, sentence: string): MountedConsole {
  mounted = mountConsole(App, {
    prepare({ server }) {
      goLive(server);
      fail(server, code, sentence);
    },
  });
  return mounted;
}

function fail(server: MountedConsole['server'], code: number, sentence: string): void {
  server.setSignaling('failed', { failure: { code, sentence }, setback: undefined });
}

const text = (): string => mounted!.wrapper.text();
const alert = (): string => mounted!.wrapper.find('[role="alert"]').text();

describe('a server that wants a key', () => {
  it('is given what was pasted, and says in its own words why it refuses', async () => {
    const { wrapper, useKey, server } = mountAsking(4010, 'A key is needed.');
    expect(text()).toContain('This room needs a key');
    await wrapper.find('form').trigger('submit');
    expect(alert()).toBe('Paste the link, or only its key.');
    expect(useKey).not.toHaveBeenCalled();
    await wrapper.find('[data-testid="key-field"]').setValue('https://a/live-streams#key=abc');
    await wrapper.find('form').trigger('submit');
    await flushPromises();
    expect(useKey).toHaveBeenCalledWith('https://a/live-streams#key=abc');
    server.setSignaling('connecting', { failure: undefined, setback: undefined });
    await nextTick();
    expect(text()).toContain('Entering…');
    fail(server, 4011, 'This is a link for phones.');
    await nextTick();
    expect(text()).toContain('This key does not open the room');
    expect(alert()).toBe('This is a link for phones.');
  });

  it('says beside the field what holds no key', async () => {
    const { wrapper, useKey } = mountAsking(4010, 'A key is needed.');
    useKey.mockResolvedValueOnce({ ok: false, message: 'There is no key in this.' });
    await wrapper.find('[data-testid="key-field"]').setValue('hello');
    await wrapper.find('form').trigger('submit');
    await flushPromises();
    expect(alert()).toBe('There is no key in this.');
  });

  it('is asked no more once it has let us in', async () => {
    const { server } = mountAsking(4011, 'Not valid any more.');
    server.setSignaling('connected', { failure: undefined, setback: undefined });
    await nextTick();
    expect(mounted!.wrapper.find('[data-testid="key-prompt"]').exists()).toBe(false);
  });
});

describe('whoever is turned away', () => {
  it('is told that it was an operator, and may come back', async () => {
    const { wrapper, retry } = mountAsking(4013, 'The control room has disconnected this device.');
    expect(text()).toContain('You were sent away');
    const button = wrapper.findAll('button').find((one) => one.text() === 'Come back');
    await button?.trigger('click');
    expect(retry).toHaveBeenCalledOnce();
  });

  it('is told that the room is locked, while it is tried again', async () => {
    const { server } = mountAsking(4010, 'A key is needed.');
    server.keyQuestion = undefined;
    const setback = { code: 4014, sentence: 'It will be tried again.' };
    server.setSignaling('connecting', { failure: undefined, setback });
    await nextTick();
    expect(text()).toContain('The room is locked');
    expect(text()).toContain('It will be tried again.');
  });
});
