/** Prints which tests were skipped and why, after the tests of a module. */
@NullMarked
package org.attention4j.testreport;

import org.jspecify.annotations.NullMarked;
