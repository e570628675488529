/** The subcommands, one file each. */
@NullMarked
package org.attention4j.cli.command;

import org.jspecify.annotations.NullMarked;
