/** Sections of the room's dialog, in order. */
export const SECTIONS = ['links', 'invitations', 'doors', 'people', 'blocked'] as const;

export type RoomSection = (typeof SECTIONS)[number];
