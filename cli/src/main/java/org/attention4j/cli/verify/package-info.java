/**
 * Runs recorded calls of other people's code and compares. {@link org.attention4j.cli.verify.GoldenIndex} reads the index,
 * an {@link org.attention4j.cli.verify.OpCase} (found by {@link java.util.ServiceLoader}) turns one recorded call of an op into
 * a graph, {@link org.attention4j.cli.verify.VerifyOps} runs it on a backend and compares its results with the recorded ones.
 */
@NullMarked
package org.attention4j.cli.verify;

import org.jspecify.annotations.NullMarked;
