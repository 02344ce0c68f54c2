# Nothing is configured here yet.

/*
 * Not even this.
 */
// The end, without a line end