/**
 * Longest still picture of a phone in the lobby, in base64 characters: 24 KiB of JPEG, ample for
 * 320 pixels on the longer side.
 */
export const MAX_PICTURE_LENGTH = 32 * 1024;
