/** Class names of style modules, put together; what doesn't hold is left out. */
export const classes = (...names: readonly (string | false | null | undefined)[]) =>
  names.filter(Boolean).join(" ");
