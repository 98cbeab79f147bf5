import { safeStorage } from 'electron';
import type { KeyVault } from './server-keys';

/**
 * The system's keeper of secrets: Keychain, DPAPI, the Secret Service or KWallet. Many a Linux has
 * none; Electron then says that it is not available, and only after `ready` it knows.
 */
export const systemVault: KeyVault = {
  /* eslint-disable @typescript-eslint/no-deprecated -- their asynchronous successors are missing
     from the oldest Electron that this runs in, and a key is sealed a few times a year. */
  isAvailable: () => safeStorage.isEncryptionAvailable(),
  seal: (text) => safeStorage.encryptString(text).toString('base64'),
  open: (sealed) => safeStorage.decryptString(Buffer.from(sealed, 'base64')),
  /* eslint-enable @typescript-eslint/no-deprecated */
};
