import { version } from '../../package.json';

/** Version of the whole product, as `package.json` has it; the build writes it into the bundle. */
export const VERSION: string = version;
