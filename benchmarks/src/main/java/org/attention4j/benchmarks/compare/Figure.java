package org.attention4j.benchmarks.compare;

/**
 * A quantity by which contestants are compared.
 *
 * @param largerIsBetter as for a rate; not as for a time
 */
record Figure(String name, String unit, boolean largerIsBetter) {}
