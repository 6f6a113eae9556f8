/** What models are strict about. One for all of them, as in Laravel. */
export const strictness = {
  /** Relations may not be loaded by themselves on models that were read together with others. */
  lazyLoading: false,
  /** A relation that is asked for on one of them is loaded for all of them. */
  automaticLoading: false,
  /** Attributes that may not be assigned in bulk are an error. */
  discarding: false,
  /** Attributes that were not read are an error. */
  missing: false,
}
