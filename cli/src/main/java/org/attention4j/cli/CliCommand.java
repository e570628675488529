package org.attention4j.cli;

import java.util.concurrent.Callable;

/**
 * A subcommand: a class with picocli's {@code @Command}, registered as a service with {@code @AutoService(CliCommand.class)}.
 * Adding one edits no other file.
 *
 * <p>{@link #call} writes its result to the command line's {@code getOut()} and everything else to {@code getErr()}, and
 * returns 0, or 1 if what it was to check does not hold. Bad input is an exception with a message of one line.
 */
public interface CliCommand extends Callable<Integer> {}
