/** What commands print: errors of one line, sizes for people, JSON. */
@NullMarked
package org.attention4j.cli.report;

import org.jspecify.annotations.NullMarked;
