import { createNanoEvents } from 'nanoevents';
import type { CameraCommand } from '../protocol/control';
import type { CameraFacts, PhoneFacts } from '../protocol/control-reports';
import { ok, type Result } from '../protocol/result';
import type { CommandFailure, ControlPort } from '../rtc/control/control-port';

/** A phone that does everything at once, unless a test says otherwise. */
export class FakeControlPort implements ControlPort {
  readonly #events = createNanoEvents<{ changed: () => void }>();
  isControlAllowed = true;
  facts: Omit<CameraFacts, 'isControlAllowed'> = {
    cameras: [
      { deviceId: 'back', label: 'Back', facing: 'environment' },
      { deviceId: 'front', label: 'Front', facing: 'user' },
    ],
    deviceId: 'back',
  };
  phone: PhoneFacts = { batteryLevel: 0.5, isPageVisible: true };
  /** Every command that was carried out. */
  readonly commands: CameraCommand[] = [];
  outcome: () => Promise<Result<void, CommandFailure>> = () => Promise.resolve(ok(undefined));

  /** Listeners that have not been removed. */
  get listenerCount(): number {
    return this.#events.events.changed?.length ?? 0;
  }

  cameraFacts(): Omit<CameraFacts, 'isControlAllowed'> {
    return this.facts;
  }

  phoneFacts(): PhoneFacts {
    return this.phone;
  }

  execute(command: CameraCommand): Promise<Result<void, CommandFailure>> {
    this.commands.push(command);
    return this.outcome();
  }

  on(event: 'changed', listener: () => void): () => void {
    return this.#events.on(event, listener);
  }

  /** Something there is to control changed. */
  change(): void {
    this.#events.emit('changed');
  }
}
