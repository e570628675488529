/** Recurrences: the form of each goes by the length of a run. */
@NullMarked
package org.attention4j.tornado.recurrence;

import org.jspecify.annotations.NullMarked;
