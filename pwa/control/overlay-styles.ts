/** Looks of the parts that lie over the phone pages; they come with the code that draws them. */

/** Lies below what the pages say at their top, and lets taps through. */
export const ROOT = {
  position: 'fixed',
  top: 'calc(var(--edge-top) + 76px)',
  left: 'var(--edge-left)',
  right: 'var(--edge-right)',
  zIndex: '10',
  display: 'flex',
  flexDirection: 'column',
  alignItems: 'center',
  gap: '4px',
  pointerEvents: 'none',
} as const;

/** As large as a thumb needs; what is seen of it is `CHIP`. */
export const SWITCH = {
  alignSelf: 'flex-start',
  display: 'flex',
  alignItems: 'center',
  width: 'auto',
  minHeight: 'var(--touch)',
  margin: '0',
  padding: '0',
  border: '0',
  borderRadius: '16px',
  background: 'none',
  color: 'var(--text)',
  pointerEvents: 'auto',
} as const;

/** The visible part of the switch. */
export const CHIP = {
  padding: '5px 12px',
  borderRadius: '16px',
  background: 'var(--scrim)',
  fontSize: '14px',
  fontWeight: '600',
  lineHeight: '22px',
} as const;

/** A message, or what is said of control. */
export const CARD = {
  boxSizing: 'border-box',
  width: '100%',
  maxWidth: '480px',
  alignItems: 'center',
  gap: '12px',
  padding: '10px 8px 10px 16px',
  border: '1px solid var(--accent)',
  borderRadius: 'var(--radius)',
  background: 'rgba(20, 25, 34, 0.96)',
  color: 'var(--text)',
  pointerEvents: 'auto',
} as const;

/** One or two lines of a card. */
export const WORDS = { flex: '1', minWidth: '0', fontSize: '15px', lineHeight: '1.4' } as const;

/** To be read at arm’s length. */
export const MESSAGE = {
  flex: '1',
  minWidth: '0',
  margin: '8px 0',
  fontSize: '22px',
  fontWeight: '600',
  lineHeight: '1.3',
  overflowWrap: 'anywhere',
  whiteSpace: 'pre-line',
} as const;

/** At the end of a card. */
export const BUTTON = {
  flex: 'none',
  width: 'auto',
  minWidth: 'var(--touch)',
  minHeight: 'var(--touch)',
  margin: '0',
  padding: '0 12px',
  border: '0',
  borderRadius: 'var(--radius-small)',
  background: 'none',
  color: 'var(--accent)',
  font: 'inherit',
  fontWeight: '600',
} as const;

/** Over all of the screen. */
export const FLASH = {
  position: 'fixed',
  top: '0',
  right: '0',
  bottom: '0',
  left: '0',
  background: '#fff',
  boxShadow: 'inset 0 0 0 24px var(--accent)',
} as const;
