/** Graphs become programs: lists of launches with the numbers that tell each kernel what to do. */
@NullMarked
package org.attention4j.tornado.program;

import org.jspecify.annotations.NullMarked;
