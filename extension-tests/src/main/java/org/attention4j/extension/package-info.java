/** Nothing: the tests of this module are what a third party would write, in a module that nothing depends on. */
@NullMarked
package org.attention4j.extension;

import org.jspecify.annotations.NullMarked;
