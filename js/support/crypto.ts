import { onDemand } from './on-demand'

/** Node's own, which takes as long to load as half of this package. */
export const crypto = onDemand<typeof import('node:crypto')>('node:crypto')
