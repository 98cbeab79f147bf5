import { afterEach, expect, it } from 'vitest';
import { nextTick } from 'vue';
import { goLive, mountConsole, type MountedConsole } from '../testing/mount-console';
import JoinPanel from './JoinPanel.vue';

const WIFI = 'http://192.168.1.42:8443/stream';
const CABLE = 'http://10.0.0.7:8443/stream';

let mounted: MountedConsole | undefined;

afterEach(() => mounted?.close());

/** The address in words, the one in the code, and the choice that is checked. */
function shown(): (string | undefined)[] {
  const { wrapper } = mounted!;
  const checked = wrapper
    .findAll<HTMLInputElement>('input[type="radio"]')
    .filter(({ element }) => element.checked);
  return [
    wrapper.find('.url').text(),
    wrapper.find('svg[aria-label^="QR"]').attributes('aria-label')?.split(' ').at(-1),
    ...checked.map(({ element }) => element.value),
  ];
}

it('begins at the way in where phones have to trust the server first', () => {
  const trustUrl = 'http://192.168.1.42:8080/trust';
  const url = 'https://192.168.1.42:8443/stream';
  mounted = mountConsole(JoinPanel, {
    prepare: ({ server }) => {
      goLive(server, [url]);
      server.joinAddresses = [{ url, network: 'lan', cameraAllowed: true, trustUrl }];
    },
  });
  expect(shown()).toEqual([url, trustUrl]);
  expect(mounted.wrapper.find('figcaption').text()).toContain('trust this control room');
});

it('follows the machine in words, code and picker, and keeps to the picked network', async () => {
  mounted = mountConsole(JoinPanel, { prepare: ({ server }) => goLive(server, [WIFI]) });
  const { server, wrapper } = mounted;
  const move = async (...urls: string[]): Promise<void> => {
    goLive(server, urls);
    await nextTick();
  };
  expect(shown()).toEqual([WIFI, WIFI]);
  await move(CABLE, WIFI);
  expect(shown()).toEqual([CABLE, CABLE, CABLE]);
  await wrapper.find(`input[value="${WIFI}"]`).setValue(true);
  await move(WIFI, CABLE, 'http://10.1.1.1:8443/stream');
  expect(shown()).toEqual([WIFI, WIFI, WIFI]);
  await move(CABLE, 'http://10.1.1.1:8443/stream');
  expect(shown()).toEqual([CABLE, CABLE, CABLE]);
  await move(CABLE, WIFI);
  expect(shown()).toEqual([WIFI, WIFI, WIFI]);
});
