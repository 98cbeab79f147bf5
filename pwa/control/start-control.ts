/** Puts control of this phone together. Loaded by the page when somebody begins to watch. */
import { PhoneControl } from '../../signal/rtc/control/phone-control';
import type { Camera } from '../capture/camera';
import type { Broadcast } from '../streaming/broadcast';
import { openStorage } from '../streaming/page-storage';
import { ControlOverlay } from './control-overlay';
import { PhoneFactsReader } from './phone-facts';
import { RemoteControl } from './remote-control';

/** Where this tab remembers that its user refuses control. */
const REFUSED_KEY = 'sightline-control-refused';

let started: PhoneControl | undefined;

/**
 * Takes the phone under control for as long as the page lives, as its broadcast does; the second
 * time it is as it was. @returns undefined on a page that is given no camera.
 */
export function startControl(
  broadcast: Broadcast,
  camera: Camera | undefined,
): PhoneControl | undefined {
  if (camera !== undefined) started ??= createControl(broadcast, camera);
  return started;
}

function createControl(broadcast: Broadcast, camera: Camera): PhoneControl {
  const storage = openStorage(() => window.sessionStorage);
  const isControlAllowed = storage.getItem(REFUSED_KEY) === null;
  const facts = new PhoneFactsReader(window);
  const display = new ControlOverlay({
    view: window,
    isControlAllowed,
    setControlAllowed: (isAllowed) => {
      remote.isControlAllowed = isAllowed;
      if (isAllowed) storage.removeItem(REFUSED_KEY);
      else storage.setItem(REFUSED_KEY, 'yes');
    },
  });
  const remote = new RemoteControl({
    broadcast,
    camera,
    phoneFacts: () => facts.read(),
    display,
    isControlAllowed,
  });
  return new PhoneControl(remote);
}
