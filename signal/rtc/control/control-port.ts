import type { CameraCommand } from '../../protocol/control';
import type { CameraFacts, CommandRefusal, PhoneFacts } from '../../protocol/control-reports';
import type { Result } from '../../protocol/result';

/** Why a phone did not do what it was asked. */
export interface CommandFailure {
  readonly reason: CommandRefusal;
  /** One plain sentence, where the reason alone does not say it. */
  readonly sentence?: string;
}

/** What can be controlled of a phone; its pages bring it. */
export interface ControlPort {
  /** False while the phone's user does not want to be controlled. */
  readonly isControlAllowed: boolean;
  /** What there is to control now; `isControlAllowed` is filled in by the caller. */
  cameraFacts(): Omit<CameraFacts, 'isControlAllowed'>;
  /** How the phone is now. */
  phoneFacts(): PhoneFacts;
  /** Does what an operator asks. A rejection is told as a failure without a sentence. */
  execute(command: CameraCommand): Promise<Result<void, CommandFailure>>;
  /** Listens for changes of what there is to control; returns the way to stop. */
  on(event: 'changed', listener: () => void): () => void;
}
